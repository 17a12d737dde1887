package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesInputTest {
    private static final String GOOD = "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/images/generations\","
            + "\"body\":{\"prompt\":\"a cat\",\"n\":2}}";

    @TempDir
    private Path folder;

    @Test
    void linesAreKeptAndOptionsAddedWhereTheyAreSilent() throws IOException {
        List<String> lines =
                expand("\uFEFF" + GOOD + "\r\n\r\n" + GOOD.replace("\"a\"", "\"b\"") + "\n", Optional.empty());
        assertThat(lines)
                .containsExactly(
                        GOOD.replace("\"n\":2", "\"n\":2,\"steps\":4"),
                        GOOD.replace("\"a\"", "\"b\"").replace("\"n\":2", "\"n\":2,\"steps\":4"));
    }

    @Test
    void badLinesAreNamedWithWhatIsWrong() {
        String lines = String.join(
                "\n",
                GOOD,
                GOOD,
                "{\"custom_id\":",
                GOOD.replace("\"a\"", "\"b\"") + " " + GOOD.replace("\"a\"", "\"c\""),
                "[1]",
                GOOD.replace("\"a\"", "7"),
                GOOD.replace("POST", "GET"),
                GOOD.replace("/v1/images/generations", "/v1/embeddings"),
                GOOD.replace("\"a\"", "\"d\"").replace("prompt", "prmpt"),
                GOOD.replace("\"a\"", "\"e\"").replace("a cat", " "));
        assertThatThrownBy(() -> expand(lines, Optional.empty()))
                .isInstanceOf(InputException.class)
                .message()
                .contains(
                        "9 of 10 rows",
                        "row 2 (line 2): custom_id is that of an earlier line",
                        "row 3 (line 3): it is not one JSON object",
                        "row 4 (line 4): it is not one JSON object",
                        "row 5 (line 5): it is not one JSON object",
                        "row 6 (line 6): custom_id must be a text",
                        "row 7 (line 7): method must be POST",
                        "row 8 (line 8): url must be /v1/images/generations",
                        "row 9 (line 9): body has no prompt",
                        "row 10 (line 10): the prompt is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines.jsonl", "lines.JSONL", "lines.ndjson"})
    void theNameTellsThatTheyAreLines(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), GOOD);
        CampaignInput input = CampaignFixture.input(file, null);
        try (ExpandedInput expanded = ExpandedInput.of(input)) {
            assertThat(Files.readAllLines(expanded.requests())).containsExactly(GOOD);
        }
    }

    @Test
    void aTemplateMakesNoSenseWithThem() {
        assertThatThrownBy(() -> expand(GOOD, Optional.of("a {{color}} mug")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--template is for CSV");
    }

    private List<String> expand(String lines, Optional<String> template) throws IOException {
        Path file = Files.writeString(folder.resolve("lines.jsonl"), lines);
        CommonParameters common =
                new CommonParameters(Optional.empty(), Optional.empty(), Optional.of(4L), Optional.empty());
        try (ExpandedInput expanded = ExpandedInput.of(new CampaignInput(file, template, common))) {
            return Files.readAllLines(expanded.requests());
        }
    }
}
