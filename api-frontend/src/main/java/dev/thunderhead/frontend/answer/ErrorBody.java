package dev.thunderhead.frontend.answer;

import dev.thunderhead.frontend.error.ApiError;
import java.util.Optional;

/** An error as a client reads it, in OpenAI's form: all four parts are there, and may be null. */
public record ErrorBody(Problem error) {
    /** What went wrong. */
    public record Problem(String message, String type, Optional<String> param, Optional<String> code) {}

    public static ErrorBody of(ApiError error) {
        return new ErrorBody(new Problem(
                error.message(),
                error.kind().type(),
                Optional.ofNullable(error.param()),
                Optional.ofNullable(error.code())));
    }
}
