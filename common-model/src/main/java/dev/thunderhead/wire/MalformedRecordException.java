package dev.thunderhead.wire;

import org.jspecify.annotations.Nullable;

/** A stored or sent record that is not what it should be. Its message never holds the content. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
