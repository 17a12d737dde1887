package dev.thunderhead.frontend.error;

/** Ends a request with an error for the client. It carries no stack trace: it is an answer, not a defect. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ApiError error;

    public ApiException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public ApiError error() {
        return error;
    }
}
