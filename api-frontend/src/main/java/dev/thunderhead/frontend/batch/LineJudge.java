package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
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

    Verdict judge(InputLine.Request line) {
        try {
            return new Verdict.Accepted(request(line.body()));
        } catch (ApiException problem) {
            ApiError error = problem.error();
            return new Verdict.Refused(error.kind().status(), ErrorBody.of(error));
        }
    }

    private GenerationRequest request(byte[] body) {
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
}
