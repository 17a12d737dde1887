package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DownloadFileTest {
    @Test
    void aNameCannotEndItsOwnHeader() {
        assertThat(DownloadFile.disposition("a\"; x=\\y%20.jsonl"))
                .isEqualTo("attachment; filename=\"a_; x=_y_20.jsonl\"; "
                        + "filename*=UTF-8''a%22%3B%20x%3D%5Cy%2520.jsonl");
    }

    @Test
    void aNameBeyondAsciiIsGivenInFullBesides() {
        assertThat(DownloadFile.disposition("größe *.jsonl"))
                .isEqualTo("attachment; filename=\"gr__e *.jsonl\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%2A.jsonl");
    }
}
