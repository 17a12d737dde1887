package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @Test
    void isWrittenAsItIsRead() {
        assertThat(Device.parse("cpu")).isEqualTo(new Device.Cpu()).hasToString("cpu");
        assertThat(Device.parse("cuda:3"))
                .isEqualTo(new Device.Cuda(3, OptionalLong.empty()))
                .hasToString("cuda:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CPU", "cuda", "cuda:", "cuda:-1", "cuda:x", "gpu:0"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> Device.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a device is written cpu or cuda:N, for example cuda:0");
    }
}
