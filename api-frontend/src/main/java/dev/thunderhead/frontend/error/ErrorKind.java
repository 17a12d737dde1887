package dev.thunderhead.frontend.error;

/** The kinds of errors that clients see. The kind decides the status, and with it whether OpenAI's clients retry. */
public enum ErrorKind {
    INVALID_REQUEST(400, "invalid_request_error"),
    AUTHENTICATION(401, "authentication_error"),
    NOT_FOUND(404, "not_found"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error"),
    SLOW_REQUEST(408, "invalid_request_error"),
    CONFLICT(409, "invalid_request_error"),
    TOO_LARGE(413, "invalid_request_error"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error"),
    UNSATISFIABLE_RANGE(416, "invalid_request_error"),
    UNPROCESSABLE(422, "invalid_request_error"),
    RATE_LIMIT(429, "rate_limit_error"),
    SERVER(500, "server_error"),
    UNAVAILABLE(503, "service_unavailable");

    private final int status;
    private final String type;

    ErrorKind(int status, String type) {
        this.status = status;
        this.type = type;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** OpenAI's name for it, the error's {@code type}. */
    public String type() {
        return type;
    }
}
