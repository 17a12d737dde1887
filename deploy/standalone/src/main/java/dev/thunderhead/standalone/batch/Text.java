package dev.thunderhead.standalone.batch;

/** Shortens texts. */
final class Text {
    private Text() {}

    /** The first characters, without half a character at the end. */
    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }
}
