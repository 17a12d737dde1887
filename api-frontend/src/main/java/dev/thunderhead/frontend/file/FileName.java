package dev.thunderhead.frontend.file;

/** What a client's file is called here. */
public final class FileName {
    /** The longest, in characters. */
    public static final int LONGEST = 255;

    private static final String NAMELESS = "file";

    private FileName() {}

    /**
     * The name without folders, which say something about the client's machine, and without what no name should hold:
     * control characters, line separators and marks that change the direction of writing.
     */
    public static String of(String given) {
        String base = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        String clean = base.replaceAll("[\\p{Cntrl}\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "")
                .strip();
        int[] characters = clean.codePoints().limit(LONGEST).toArray();
        String name = new String(characters, 0, characters.length);
        return name.isEmpty() || name.matches("\\.+") ? NAMELESS : name;
    }
}
