package dev.thunderhead.frontend.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as the client sees it.
 *
 * @param code the error's own name within its kind, for programs
 * @param param the request's parameter that is to blame
 * @param message for people: what happened and what to do
 */
public record ApiError(
        ErrorKind kind, @Nullable String code, @Nullable String param, String message, Retry retry) {
    private static final int SHOWN = 100;
    private static final Retry BY_STATUS = new Retry.ByStatus();

    public static ApiError of(ErrorKind kind, @Nullable String code, String message) {
        return new ApiError(kind, code, null, message, BY_STATUS);
    }

    /** A client's own text, as a message repeats it: up to {@value #SHOWN} characters of it. */
    public static String shown(String text) {
        return text.codePointCount(0, text.length()) > SHOWN
                ? text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…"
                : text;
    }

    /** A request that can never work as it is. */
    public static ApiError invalid(@Nullable String param, String message) {
        return new ApiError(ErrorKind.INVALID_REQUEST, null, param, message, BY_STATUS);
    }

    /** The account asks too much. */
    public static ApiError tooMany(String code, String message, Duration retryAfter) {
        return new ApiError(ErrorKind.RATE_LIMIT, code, null, message, new Retry.After(retryAfter));
    }

    /** The service cannot do it now. */
    public static ApiError unavailable(String code, String message, Duration retryAfter) {
        return new ApiError(ErrorKind.UNAVAILABLE, code, null, message, new Retry.After(retryAfter));
    }

    /** The same error, and no automatic retry. */
    public ApiError withoutRetry() {
        return new ApiError(kind, code, param, message, new Retry.Never());
    }

    public ApiException asException() {
        return new ApiException(this);
    }
}
