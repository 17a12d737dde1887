package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
                    {} | missing_required_parameter
                    {"custom_id": 7} | missing_required_parameter
                    {"custom_id": " "} | missing_required_parameter
                    {"custom_id": "a"} | invalid_method
                    {"custom_id": "a", "method": "post"} | invalid_method
                    {"custom_id": "a", "method": "POST", "url": "/v1/embeddings"} | invalid_url
                    {"custom_id": "a", "method": "POST", "url": "/v1/images/generations"} | missing_required_parameter
                    {"custom_id": "a", "method": "POST", "url": "/v1/images/generations", "body": "x"} | missing_required_parameter
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

    @Test
    void anIdThatIsTooLongAndDeepNestingAreRefused() {
        assertThat(read("{\"custom_id\": \"" + "x".repeat(257) + "\"}")).isInstanceOf(InputLine.Malformed.class);
        assertThat(read("[".repeat(10_000))).isInstanceOf(InputLine.Malformed.class);
        assertThat(read("{\"a\":".repeat(10_000))).isInstanceOf(InputLine.Malformed.class);
    }

    @Property(tries = 500)
    void anyBytesAreSomething(@ForAll byte[] line) {
        assertThat(read(line)).isNotNull();
    }
}
