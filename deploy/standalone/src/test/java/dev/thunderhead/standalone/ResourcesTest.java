package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    private final List<String> closed = new ArrayList<>();
    private final Resources resources = new Resources();

    @Test
    void theLastStartedIsClosedFirstAndOnce() throws IOException {
        resources.add(() -> closed.add("broker"));
        resources.add(() -> closed.add("worker"));
        resources.close();
        resources.close();
        assertThat(closed).containsExactly("worker", "broker");
    }

    @Test
    void oneFailureKeepsNothingElseFromClosing() {
        resources.add(() -> closed.add("broker"));
        resources.add(() -> {
            throw new IOException("second");
        });
        resources.add(() -> {
            throw new IllegalStateException("first");
        });
        assertThatThrownBy(resources::close)
                .isInstanceOf(IOException.class)
                .hasMessage("first")
                .satisfies(problem -> assertThat(problem.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("second"));
        assertThat(closed).containsExactly("broker");
    }
}
