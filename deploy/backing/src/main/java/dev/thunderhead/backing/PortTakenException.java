package dev.thunderhead.backing;

import java.io.IOException;

/** Another process listens on the port that was asked for; the message is one line and names the port. */
public final class PortTakenException extends IOException {
    public PortTakenException(int port, Throwable cause) {
        super("port " + port + " is already in use", cause);
    }
}
