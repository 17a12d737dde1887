package dev.thunderhead.standalone.batch;

/** The beginning of a text that is too long for its place. */
final class Beginning {
    private Beginning() {}

    /** The first characters, without half a character at the end; the whole text when it is no longer. */
    static String of(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }
}
