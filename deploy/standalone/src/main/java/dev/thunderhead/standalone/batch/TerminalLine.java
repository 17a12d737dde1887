package dev.thunderhead.standalone.batch;

/**
 * Makes text that others wrote safe for terminals, which obey some characters: one line, in which a space stands for control
 * characters, those of ISO 8859-1 (C1) included.
 */
final class TerminalLine {
    private TerminalLine() {}

    static String of(String text) {
        return text.replaceAll("[\\s\\p{Cc}]+", " ");
    }
}
