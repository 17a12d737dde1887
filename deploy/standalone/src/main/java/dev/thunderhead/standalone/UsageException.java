package dev.thunderhead.standalone;

/** The words on the command line mean nothing; the message is one line for the user. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
