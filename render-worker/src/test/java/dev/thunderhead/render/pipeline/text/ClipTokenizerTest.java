package dev.thunderhead.render.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.thunderhead.render.TestModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {
    private static final int END = 49407;
    private final List<ClipTokenizer> tokenizers;

    ClipTokenizerTest() throws IOException {
        Path model = TestModel.directory();
        tokenizers = ClipTokenizer.read(model.resolve("tokenizer"), model.resolve("tokenizer_2"));
    }

    @TestFactory
    Stream<DynamicTest> givesTheIdsThatTheReferenceGives() throws IOException {
        try (InputStream file = ClipTokenizerTest.class.getResourceAsStream("/golden/tokens.json")) {
            JsonNode rows = new ObjectMapper().readTree(file);
            assertThat(rows).isNotEmpty();
            return StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> DynamicTest.dynamicTest("\"" + row.get("prompt").asText() + "\"", () -> {
                        String prompt = row.get("prompt").asText();
                        assertThat(tokenizers.get(0).encode(prompt)).containsExactly(ids(row.get("input_ids")));
                        assertThat(tokenizers.get(1).encode(prompt)).containsExactly(ids(row.get("input_ids_2")));
                    }));
        }
    }

    private static int[] ids(JsonNode row) {
        return StreamSupport.stream(row.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @Test
    void aSpecialTokenThatOnlyLowerCasingBringsAboutIsOrdinaryText() {
        // Ids of transformers 5's CLIPTokenizer.
        assertThat(tokenizers.get(0).encode("<|ENDOFTEXT|>!!"))
                .startsWith(49406, 27, 347, 40786, 4160, 91, 285, 748, END);
    }

    @Test
    void aCapitalSigmaIsNeverAFinalOne() {
        assertThat(tokenizers.get(0).encode("ΟΔΟΣ")).isEqualTo(tokenizers.get(0).encode("οδοσ"));
    }

    @Test
    void fourThousandCharactersAreFast() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            for (String character : List.of("a", "猫", "🐱", "!", "<|endoftext|>", "\u0301")) {
                int[] ids = tokenizers.get(1).encode(character.repeat(4000));
                assertThat(ids).hasSize(ClipTokenizer.LENGTH);
                assertThat(ids[ClipTokenizer.LENGTH - 1]).isEqualTo(END);
            }
        });
    }

    @Test
    void namesTheFileThatIsMissing(@TempDir Path folder) {
        assertThatThrownBy(() -> ClipTokenizer.read(folder, folder))
                .isInstanceOf(IOException.class)
                .hasMessage(folder.resolve("vocab.json") + ": no such file");
    }
}
