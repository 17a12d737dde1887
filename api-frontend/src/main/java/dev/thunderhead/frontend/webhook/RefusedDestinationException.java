package dev.thunderhead.frontend.webhook;

import java.io.IOException;

/** The name leads to where callbacks must not go. Its message is for the user. */
public final class RefusedDestinationException extends IOException {
    private static final long serialVersionUID = 1;

    public RefusedDestinationException(String message) {
        super(message);
    }
}
