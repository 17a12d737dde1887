package dev.thunderhead.frontend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thunderhead.frontend.error.ApiException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileFormTest {
    /** @param more names and values, turn by turn */
    private static Map<String, List<String>> form(String... more) {
        Map<String, List<String>> fields = new HashMap<>(Map.of("purpose", List.of("batch")));
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], List.of(more[i + 1]));
        }
        return fields;
    }

    private static String blamed(Map<String, List<String>> fields) {
        return catchThrowableOfType(ApiException.class, () -> FileForm.parse(fields))
                .error()
                .param();
    }

    @Test
    void thePurposeIsEnough() {
        FileForm form = FileForm.parse(form());
        assertThat(form.purpose()).isEqualTo("batch");
        assertThat(form.kept()).isEmpty();
    }

    @Test
    void itsOwnerSaysForHowLongItIsKept() {
        for (int seconds : List.of(3_600, 86_400, 2_592_000)) {
            assertThat(FileForm.parse(
                                    form("expires_after[anchor]", "created_at", "expires_after[seconds]", "" + seconds))
                            .kept())
                    .contains(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(blamed(Map.of())).isEqualTo("purpose");
        assertThat(blamed(form("purpose", "fine-tune"))).isEqualTo("purpose");
        assertThat(blamed(form("purpose", "batch_output"))).isEqualTo("purpose");
        assertThat(blamed(Map.of("purpose", List.of("batch", "batch")))).isEqualTo("purpose");
        assertThat(blamed(form("colour", "red"))).isEqualTo("colour");
        assertThat(blamed(form("expires_after[seconds]", "3600"))).isEqualTo("expires_after[anchor]");
        assertThat(blamed(form("expires_after[anchor]", "created_at"))).isEqualTo("expires_after[seconds]");
        assertThat(blamed(form("expires_after[anchor]", "last_use", "expires_after[seconds]", "3600")))
                .isEqualTo("expires_after[anchor]");
        for (String seconds : List.of("3599", "2592001", "-3600", "1e4", "", "99999999999999999999")) {
            assertThat(blamed(form("expires_after[anchor]", "created_at", "expires_after[seconds]", seconds)))
                    .isEqualTo("expires_after[seconds]");
        }
    }
}
