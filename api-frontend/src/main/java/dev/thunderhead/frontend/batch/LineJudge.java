package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.GenerationRequestParser;

/** Judges the requests of lines as those of synchronous calls are judged. Thread-safe. */
final class LineJudge {
    private final GenerationRequestParser parser;

    LineJudge(GenerationRequestParser parser) {
        this.parser = parser;
    }

    /** What came of it. */
    sealed interface Verdict {
        record Accepted(GenerationRequest request) implements Verdict {}

        /** @param status of HTTP */
        record Refused(int status, ErrorBody error) implements Verdict {}
    }

    /** What is no request at all is refused as well: it was one for whoever had the file read. */
    Verdict judge(InputLine line) {
        try {
            return new Verdict.Accepted(request(line));
        } catch (ApiException problem) {
            ApiError error = problem.error();
            return new Verdict.Refused(error.kind().status(), ErrorBody.of(error));
        }
    }

    private GenerationRequest request(InputLine line) {
        if (line instanceof InputLine.Malformed malformed) {
            throw refusal(malformed.error()).asException();
        }
        byte[] body = line instanceof InputLine.Request request ? request.body() : new byte[0];
        if (body.length > GenerationRequest.MAX_BODY) {
            throw ApiError.of(
                            ErrorKind.TOO_LARGE,
                            "request_too_large",
                            "the body is larger than " + GenerationRequest.MAX_BODY + " bytes")
                    .asException();
        }
        GenerationRequest request = parser.parse(body);
        if (request.options().stream()) {
            throw ApiError.invalid("stream", "stream is not possible in a batch")
                    .asException();
        }
        return request;
    }

    private static ApiError refusal(BatchError error) {
        return new ApiError(
                ErrorKind.INVALID_REQUEST,
                error.code(),
                error.param().orElse(null),
                error.message(),
                new Retry.Never());
    }
}
