package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputLinesTest {
    private static InputLine read(byte[] line) {
        return InputLines.read(new LineReader.Line(7, 0, line, false));
    }

    private static InputLine read(String line) {
        return read(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theBodyIsCutOutAsItStands() {
        String body = "{ \"prompt\": \"}{ \\\" é 😀\", \"metadata\": {\"a\": \"b\"}, \"n\":2 }";
        InputLine line = read("{\"method\":\"POST\", \"body\": " + body
                + " ,\"custom_id\":\"ä\", \"more\": [1,{\"x\":2}], \"url\":\"/v1/images/generations\"} ");
        assertThat(line).isInstanceOf(InputLine.Request.class);
        assertThat(((InputLine.Request) line).customId()).isEqualTo("ä");
        assertThat(new String(((InputLine.Request) line).body(), StandardCharsets.UTF_8))
                .isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    {"custom_id": | invalid_json_line
                    [] | invalid_json_line
                    7 | invalid_json_line
                    {"custom_id": "a"} {} | invalid_json_line
                    {"custom_id": "a", "custom_id": "b"} | invalid_json_line
                    {"body": {}, "body": {}} | invalid_json_line
                    {} | missing_required_parameter
                    {"custom_id": null} | missing_required_parameter
                    {"custom_id": 7} | invalid_type
                    {"custom_id": " "} | invalid_custom_id
                    {"custom_id": "a"} | missing_required_parameter
                    {"custom_id": "a", "method": "post"} | invalid_method
                    {"custom_id": "a", "method": 1} | invalid_method
                    {"custom_id": "a", "method": "POST"} | missing_required_parameter
                    {"custom_id": "a", "method": "POST", "url": "/v1/embeddings"} | url_mismatch
                    {"custom_id": "a", "method": "POST", "url": "/v1/images/generations"} | missing_required_parameter
                    {"custom_id": "a", "method": "POST", "url": "/v1/images/generations", "body": "x"} | invalid_type
                    {"custom_id": "a", "method": "POST", "url": "/v1/images/generations", "body": {"n": 01}} | invalid_json_line
                    """)
    void whatIsNoRequestIsToldByItsLine(String line, String code) {
        assertThat(read(line)).isInstanceOfSatisfying(InputLine.Malformed.class, malformed -> {
            assertThat(malformed.error().code()).isEqualTo(code);
            assertThat(malformed.error().line()).contains(7);
            assertThat(malformed.error().message()).startsWith("line 7: ");
        });
    }

    @Test
    void aLineThatIsTooLongIsToldByItsNumber() {
        InputLine line = InputLines.read(new LineReader.Line(9, 0, new byte[] {'{'}, true));
        assertThat(line).isInstanceOfSatisfying(InputLine.Malformed.class, malformed -> {
            assertThat(malformed.error().code()).isEqualTo("line_too_long");
            assertThat(malformed.error().line()).contains(9);
        });
    }

    @Test
    void nothingIsNoRequestAndNoError() {
        assertThat(read("")).isEqualTo(new InputLine.Blank());
        assertThat(read(" \t\r")).isEqualTo(new InputLine.Blank());
    }

    private static String withBody(String id, String body) {
        return "{\"custom_id\": \"" + id + "\", \"method\": \"POST\", \"url\": \"/v1/images/generations\", \"body\": "
                + body + "}";
    }

    @Test
    void theParametersToBlameAreNamed() {
        assertThat(problem("{\"custom_id\": 7}").message()).contains("must be a string, for example \"1\"");
        assertThat(problem("{\"custom_id\": \"a\"}").message()).contains("method is missing");
        assertThat(problem("{\"url\": \"a\", \"url\": \"a\"}").message()).contains("url appears twice");
        assertThat(problem("{\"url\": \"a\", \"url\": \"a\"}").param()).contains("url");
        assertThat(problem(withBody("a", "[]")).message()).contains("body must be a JSON object");
        assertThat(problem(withBody("a", "null")).message()).contains("body is missing");
    }

    private static BatchError problem(String line) {
        return ((InputLine.Malformed) read(line)).error();
    }

    @Test
    void whatIsOddInABodyIsLeftToTheJudgeOfBodies() {
        for (String body : List.of(
                "{\"n\": 1, \"n\": 2}",
                "{\"n\": " + "9".repeat(60_000) + "}",
                "{\"" + "n".repeat(60_000) + "\": 1}",
                "{\"n\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}")) {
            assertThat(read(withBody("a", body)))
                    .isInstanceOfSatisfying(
                            InputLine.Request.class,
                            request -> assertThat(new String(request.body(), StandardCharsets.UTF_8))
                                    .isEqualTo(body));
        }
    }

    @Test
    void idsAreMeasuredInCharacters() {
        assertThat(read(withBody("😀".repeat(256), "{}"))).isInstanceOf(InputLine.Request.class);
        assertThat(problem(withBody("😀".repeat(257), "{}")).code()).isEqualTo("invalid_custom_id");
    }

    @Test
    void veryDeepNestingIsRefused() {
        assertThat(problem(withBody("a", "{\"n\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                        .message())
                .contains("deep");
        assertThat(read("[".repeat(10_000))).isInstanceOf(InputLine.Malformed.class);
        assertThat(read("{\"a\":".repeat(10_000))).isInstanceOf(InputLine.Malformed.class);
    }

    @Property(tries = 500)
    void anyBytesAreSomething(@ForAll byte[] line) {
        assertThat(read(line)).isNotNull();
    }
}
