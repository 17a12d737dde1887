package dev.thunderhead.frontend.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @Test
    void aPlainNameStaysAsItIs() {
        assertThat(FileName.of("campaign 2026 – größer.jsonl")).isEqualTo("campaign 2026 – größer.jsonl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/lines.jsonl", "C:\\Users\\me\\lines.jsonl", "../../lines.jsonl", "a/\\lines.jsonl"})
    void foldersAreLeftOut(String given) {
        assertThat(FileName.of(given)).isEqualTo("lines.jsonl");
    }

    @Test
    void whatNoNameShouldHoldIsLeftOut() {
        assertThat(FileName.of("li\r\nn\u0000e\u202es.js\u007fonl\u2028")).isEqualTo("lines.jsonl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", "..", ".", "a/..", "\n"})
    void whatIsNoNameGetsOne(String given) {
        assertThat(FileName.of(given)).isEqualTo("file");
    }

    @Test
    void aLongNameIsCutBetweenCharacters() {
        String name = FileName.of("😀".repeat(300));
        assertThat(name.codePointCount(0, name.length())).isEqualTo(FileName.LONGEST);
        assertThat(name).isEqualTo("😀".repeat(FileName.LONGEST));
    }
}
