package dev.thunderhead.frontend.answer;

import dev.thunderhead.frontend.error.ApiError;
import org.jspecify.annotations.Nullable;

/** An error as a client reads it, in OpenAI's form: all four parts are there, and may be null. */
public record ErrorBody(Problem error) {
    /** What went wrong. */
    public record Problem(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    public static ErrorBody of(ApiError error) {
        return new ErrorBody(new Problem(error.message(), error.kind().type(), error.param(), error.code()));
    }
}
