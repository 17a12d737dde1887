package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.answer.ImagesResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of a batch's output, in OpenAI's form.
 *
 * @param id {@code batch_req_}, the batch's own part of its id, and the line's place among the results
 * @param line where it stands in the input, from 1; ours
 * @param response what a synchronous call would have been answered
 * @param error why there was no call at all
 */
public record OutputLine(
        String id,
        @JsonProperty("custom_id") String customId,
        int line,
        @Nullable Response response,
        @Nullable Problem error) {
    /** @param body {@link ImagesResponse}, {@link ErrorBody} or {@link Partial} */
    public record Response(
            @JsonProperty("status_code") int statusCode,
            @JsonProperty("request_id") String requestId,
            Object body) {}

    /**
     * An error, and the pictures that were finished all the same; a synchronous call has no place for these.
     *
     * @param data in the order of their tasks, each with its seed
     */
    record Partial(ErrorBody.Problem error, List<ImagesResponse.Datum> data) {
        Partial {
            data = List.copyOf(data);
        }
    }

    public record Problem(String code, String message) {}
}
