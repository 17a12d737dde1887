package dev.thunderhead.frontend.file;

/** Notes of when files expire, in the order of time, so that who clears away looks at those alone that are due. */
final class FileExpiry {
    private static final String PREFIX = "files/expiry/";

    private FileExpiry() {}

    /** The key of the note. */
    static String note(StoredFile file) {
        return PREFIX + String.format("%011d", file.expiresAt().getEpochSecond()) + "/" + file.account() + "/"
                + file.id();
    }
}
