package dev.thunderhead.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stored or sent record that is not what it should be. Its message never holds the content. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether something could be fetched and not be read: no repetition cures that. */
    public static boolean isCauseOf(IOException problem) {
        return problem.getCause() instanceof MalformedRecordException;
    }
}
