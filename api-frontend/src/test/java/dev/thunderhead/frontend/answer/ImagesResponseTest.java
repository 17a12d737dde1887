package dev.thunderhead.frontend.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesResponseTest {
    @ParameterizedTest
    @CsvSource({"a red circle, 3", "'a cyberpunk cat, at sunset!', 8", "extraordinarily, 3", "日本, 1", "'', 0"})
    void textTokensAreCountedRoughlyAsClipDoes(String prompt, long tokens) {
        assertThat(ImagesResponse.Usage.textTokens(prompt)).isEqualTo(tokens);
    }
}
