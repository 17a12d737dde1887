package dev.thunderhead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSizeTest {
    @Test
    void widthComesFirst() {
        assertThat(ImageSize.parse("1024x768"))
                .isEqualTo(new ImageSize(1024, 768))
                .hasToString("1024x768");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1024", "0x1", "01x1", "-1x1", "1x100000", "1X1", "1x1 ", "1e3x1", "١x١", "1x1x1"})
    void otherTextsAreRefused(String text) {
        assertThatThrownBy(() -> ImageSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024x1024");
    }
}
