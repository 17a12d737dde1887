package dev.thunderhead.frontend.webhook;

/** Whom callbacks may reach. */
public enum Reach {
    /** Public addresses alone, by https at its own port. */
    PUBLIC,
    /** Anybody, also by http and at any port: for development, where the receiver runs beside the service. */
    ANYWHERE
}
