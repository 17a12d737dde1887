package dev.thunderhead.standalone.batch;

import java.io.IOException;

/** The server has looked at a call, or at a file, and does not want it: the same would be refused again. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
