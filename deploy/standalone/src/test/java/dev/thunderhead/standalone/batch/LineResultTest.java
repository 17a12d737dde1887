package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineResultTest {
    @ParameterizedTest
    @CsvSource({
        "http://a.example/media/x.jpg, png, .jpg",
        "http://a.example/media/x.png, jpeg, .png",
        "https://store.example/tasks/a/b/0-x?X-Amz-Date=y.png, jpeg, .jpg",
        "https://store.example/tasks/a.b/0-x?y, png, .png",
        "https://store.example/tasks, '', .png"
    })
    void theAddressOrTheAnswerTellsTheFormat(String url, String format, String extension) {
        assertThat(read(url, format).pictures().get(0).extension()).isEqualTo(extension);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no address", "file:///etc/passwd", "http://", "http://a.example:99999/x"})
    void aPictureWithoutAnAddressIsPaintedAllTheSame(String url) {
        LineResult result = read(url, "png");
        assertThat(result.failure()).isEmpty();
        assertThat(result.pictures()).hasSize(1);
        assertThat(result.pictures().get(0).address()).isEmpty();
    }

    @Test
    void itIsReadBackFromTheLog() {
        LineResult result = read("http://a.example/x.jpg", "png");
        assertThat(Json.read(Json.text(result).getBytes(StandardCharsets.US_ASCII), LineResult.class))
                .isEqualTo(result);
    }

    /** As the server writes a line of three pictures of which the second failed. */
    @Test
    void whatWasFinishedOfALineThatFailedIsReadBesideTheFailure() {
        LineResult result =
                LineResult.read("batch_1", 1, Json.read("""
                {"id": "batch_req_1_0", "custom_id": "1", "line": 1, "response": {"status_code": 500,
                 "request_id": "req_1", "body": {
                   "error": {"message": "The renderer failed.", "type": "server_error", "param": null,
                             "code": "render_failed"},
                   "data": [{"url": "http://a.example/media/x.jpg", "seed": 7},
                            {"url": "http://a.example/media/y.jpg", "seed": 9}]}}, "error": null}
                """.getBytes(StandardCharsets.UTF_8), JsonNode.class));
        assertThat(result.failure())
                .contains(new LineResult.Failure("server_error", "render_failed", "The renderer failed."));
        assertThat(result.pictures())
                .extracting(picture -> picture.seed().orElseThrow())
                .containsExactly(7L, 9L);
        assertThat(CampaignFolder.picture("00001-x", result, 1)).isEqualTo("pictures/00001-x-seed-9.jpg");
    }

    private static LineResult read(String url, String format) {
        Map<String, Object> body = Map.of("output_format", format, "data", List.of(Map.of("url", url, "seed", 7)));
        byte[] line = Json.bytes(Map.of("id", "x", "response", Map.of("status_code", 200, "body", body)));
        return LineResult.read("batch_1", 1, Json.read(line, JsonNode.class));
    }
}
