package dev.thunderhead.frontend.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.Quality;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;
import java.util.List;

/**
 * The body of a successful answer, in OpenAI's form, with the seed of each picture besides.
 *
 * @param created unix seconds
 */
public record ImagesResponse(
        long created,
        List<Datum> data,
        String background,
        @JsonProperty("output_format") OutputFormat outputFormat,
        Quality quality,
        ImageSize size,
        Usage usage) {
    public static final String NO_TRANSPARENCY = "opaque";

    /** The answer to a request for such pictures, which are these. */
    public static ImagesResponse of(
            OutputFormat format, int steps, ImageSize size, Usage usage, List<Datum> data, Instant now) {
        return new ImagesResponse(
                now.getEpochSecond(), data, NO_TRANSPARENCY, format, Quality.ofSteps(steps), size, usage);
    }

    /** One picture. */
    public sealed interface Datum {
        /** As an address. */
        record Url(String url, long seed) implements Datum {}

        /** As the file itself. */
        record Content(@JsonProperty("b64_json") String base64, long seed) implements Datum {}
    }

    /** What the request cost, in OpenAI's unit. */
    public record Usage(
            @JsonProperty("input_tokens") long inputTokens,
            @JsonProperty("output_tokens") long outputTokens,
            @JsonProperty("total_tokens") long totalTokens,
            @JsonProperty("input_tokens_details") InputDetails inputDetails) {
        public static final Usage NONE = new Usage(0, 0, 0, new InputDetails(0, 0));

        private static final int PATCH = 16;
        private static final int LETTERS_PER_TOKEN = 6;

        public record InputDetails(
                @JsonProperty("text_tokens") long textTokens,
                @JsonProperty("image_tokens") long imageTokens) {}

        /** Of so many of its pictures. */
        public static Usage of(GenerationRequest request, int count) {
            return of(textTokens(request.prompt()), request.size(), count);
        }

        /** Of so many pictures from a prompt of so many tokens. */
        public static Usage of(long text, ImageSize size, int count) {
            long patches = size.pixels() / (PATCH * PATCH);
            long pictures = patches * count;
            return new Usage(text, pictures, text + pictures, new InputDetails(text, 0));
        }

        /**
         * About as many as CLIP's tokenizer makes of it, counted without its vocabulary: a token for each six letters or
         * digits in a row and for what is left of them, and one for any other visible character.
         */
        public static long textTokens(String prompt) {
            long tokens = 0;
            int run = 0;
            for (int codePoint : prompt.codePoints().toArray()) {
                if (Character.isLetterOrDigit(codePoint)) {
                    tokens += run % LETTERS_PER_TOKEN == 0 ? 1 : 0;
                    run++;
                } else {
                    run = 0;
                    tokens += Character.isWhitespace(codePoint) ? 0 : 1;
                }
            }
            return tokens;
        }
    }
}
