package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.thunderhead.frontend.answer.ImagesResponse;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.Quality;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What a streamed generation tells, in OpenAI's form ({@code image_generation.partial_image} and
 * {@code image_generation.completed} of their image streaming), and which of the request's pictures it is about.
 */
sealed interface ImageEvent {
    String type();

    /**
     * What a picture looks like so far.
     *
     * @param base64 a small JPEG file
     * @param createdAt unix seconds
     * @param size the picture's; the file is smaller
     * @param index which picture, from 0
     */
    @JsonPropertyOrder("type")
    record PartialImage(
            String type,
            @JsonProperty("b64_json") String base64,
            @JsonProperty("partial_image_index") int partialImageIndex,
            @JsonProperty("created_at") long createdAt,
            ImageSize size,
            Quality quality,
            String background,
            @JsonProperty("output_format") OutputFormat outputFormat,
            int index)
            implements ImageEvent {
        static PartialImage of(GenerationRequest request, int index, RenderProgress.Preview preview, Instant now) {
            return new PartialImage(
                    "image_generation.partial_image",
                    Base64.getEncoder().encodeToString(preview.jpeg()),
                    preview.index(),
                    now.getEpochSecond(),
                    request.size(),
                    Quality.ofSteps(request.steps()),
                    ImagesResponse.NO_TRANSPARENCY,
                    OutputFormat.JPEG,
                    index);
        }
    }

    /**
     * A picture is finished.
     *
     * @param base64 its file
     * @param usage of this picture alone
     * @param index which picture, from 0
     */
    @JsonPropertyOrder("type")
    record Completed(
            String type,
            @JsonProperty("b64_json") String base64,
            @JsonProperty("created_at") long createdAt,
            ImageSize size,
            Quality quality,
            String background,
            @JsonProperty("output_format") OutputFormat outputFormat,
            ImagesResponse.Usage usage,
            int index,
            long seed)
            implements ImageEvent {
        static Completed of(GenerationRequest request, int index, String base64, long seed, Instant now) {
            return new Completed(
                    "image_generation.completed",
                    base64,
                    now.getEpochSecond(),
                    request.size(),
                    Quality.ofSteps(request.steps()),
                    ImagesResponse.NO_TRANSPARENCY,
                    request.format(),
                    ImagesResponse.Usage.of(request, 1),
                    index,
                    seed);
        }
    }

    /** As it is sent. */
    default SseEvent event() {
        return new SseEvent(Optional.of(type()), Optional.empty(), Json.text(this));
    }
}
