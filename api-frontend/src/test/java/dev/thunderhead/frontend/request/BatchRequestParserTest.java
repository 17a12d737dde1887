package dev.thunderhead.frontend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRequestParserTest {
    private static final String ENDPOINT = "/v1/images/generations";

    private final BatchRequestParser parser = new BatchRequestParser(ENDPOINT);

    private BatchRequest parse(String more) {
        return parser.parse(("{\"input_file_id\": \"file-x\", \"endpoint\": \"" + ENDPOINT
                        + "\", \"completion_window\": \"24h\"" + more + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private ApiError refusal(String more) {
        return catchThrowableOfType(ApiException.class, () -> parse(more)).error();
    }

    private static String metadata(String name, String value) {
        return ", \"metadata\": {\"" + name + "\": \"" + value + "\"}";
    }

    @Test
    void whatIsSaidIsKept() {
        BatchRequest request = parse(metadata("campaign", "spring")
                + ", \"output_expires_after\": {\"anchor\": \"created_at\", \"seconds\": 3600}");
        assertThat(request.window()).isEqualTo(new BatchRequest.Window("24h", Duration.ofHours(24)));
        assertThat(request.metadata()).isEqualTo(Map.of("campaign", "spring"));
        assertThat(request.outputKept()).contains(Duration.ofHours(1));
        assertThat(parse(", \"output_expires_after\": null").outputKept()).isEmpty();
    }

    @Test
    void whoTriesAgainMayNameAnotherWindowAndNothingElse() {
        assertThat(parser.parseRetry(new byte[0])).isEmpty();
        assertThat(retry("{}")).isEmpty();
        assertThat(retry("{\"completion_window\": \"30m\"}"))
                .contains(new BatchRequest.Window("30m", Duration.ofMinutes(30)));
        assertThat(catchThrowableOfType(ApiException.class, () -> retry("{\"completion_window\": \"25h\"}"))
                        .error()
                        .param())
                .isEqualTo("completion_window");
        assertThat(catchThrowableOfType(ApiException.class, () -> retry("{\"metadata\": {}}"))
                        .error()
                        .param())
                .isEqualTo("metadata");
    }

    private Optional<BatchRequest.Window> retry(String body) {
        return parser.parseRetry(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    "created_at", "seconds": 3600.0 | output_expires_after.seconds | a whole number from 3600 to 2592000
                    "created_at", "seconds": 3599 | output_expires_after.seconds | a whole number from 3600 to 2592000
                    "created_at", "seconds": "3600" | output_expires_after.seconds | a whole number from 3600 to 2592000
                    "created_at", "seconds": [3600] | output_expires_after.seconds | a whole number from 3600 to 2592000
                    "now", "seconds": 3600 | output_expires_after.anchor | must be created_at
                    7, "seconds": 3600 | output_expires_after.anchor | must be a string
                    "created_at", "seconds": null | output_expires_after | seconds, a whole number from 3600 to 2592000
                    "created_at" | output_expires_after | needs anchor, which is created_at, and seconds
                    "created_at", "days": 1 | output_expires_after | may hold anchor, seconds
                    """)
    void ofWhatIsNestedTheWholeNameIsToldAndWhatIsAllowed(String anchor, String param, String message) {
        ApiError error = refusal(", \"output_expires_after\": {\"anchor\": " + anchor + "}");
        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).startsWith("output_expires_after").contains(message);
    }

    @Test
    void metadataAreMeasuredInCharacters() {
        String name = "😀".repeat(64);
        String value = "😀".repeat(512);
        assertThat(parse(metadata(name, value)).metadata()).containsEntry(name, value);
        assertThat(refusal(metadata(name + "x", value)).message()).contains("1 to 64 characters");
        assertThat(refusal(metadata("x", value + "x")).message()).contains("512 characters; that of x has more");
    }

    @Test
    void wrongMetadataAreToldAsWhatTheyAre() {
        assertThat(refusal(metadata("n".repeat(20_000), "x")).message())
                .contains("1 to 64 characters")
                .hasSizeLessThan(300);
        assertThat(refusal(metadata("", "x")).message()).contains("1 to 64 characters");
        assertThat(refusal(", \"metadata\": {\"a\": 1.5}").message()).contains("object of strings; a is none");
        assertThat(refusal(", \"metadata\": {\"a\": null}").message()).contains("object of strings; a is none");
        assertThat(refusal(", \"metadata\": {\"a\": {\"b\": \"c\"}}").message())
                .contains("object of strings; a is none");
        assertThat(refusal(", \"metadata\": {\"a\": " + "[".repeat(20_000) + "]".repeat(20_000) + "}")
                        .message())
                .contains("object of strings; a is none");
        assertThat(refusal(", \"metadata\": {\"a\": \"\", \"a\": \"\"}").message())
                .contains("names a twice");
        for (int count : new int[] {17, 51, 2_000}) {
            String entries = IntStream.range(0, count)
                    .mapToObj(entry -> "\"" + entry + "\": \"x\"")
                    .collect(Collectors.joining(", "));
            assertThat(refusal(", \"metadata\": {" + entries + "}").message()).contains("up to 16 entries");
        }
    }

    @Test
    void namesThatNobodyKnowsAreRepeatedInShort() {
        ApiError error = refusal(", \"" + "n".repeat(20_000) + "\": 1");
        assertThat(error.param()).hasSizeLessThan(110);
        assertThat(error.message()).startsWith("unknown parameter: nnn").hasSizeLessThan(150);
    }
}
