package dev.thunderhead.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
    private final List<String> closed = new ArrayList<>();
    private final Closer closer = new Closer();

    @Test
    void theLastStartedIsClosedFirstAndOnce() throws IOException {
        closer.add(() -> closed.add("broker"));
        closer.add(() -> closed.add("worker"));
        closer.close();
        closer.close();
        assertThat(closed).containsExactly("worker", "broker");
    }

    @Test
    void oneFailureKeepsNothingElseFromClosing() {
        closer.add(() -> closed.add("broker"));
        closer.add(() -> {
            throw new IOException("second");
        });
        closer.add(() -> {
            throw new IllegalStateException("first");
        });
        assertThatThrownBy(closer::close)
                .isInstanceOf(IOException.class)
                .hasMessage("first")
                .satisfies(problem -> assertThat(problem.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("second"));
        assertThat(closed).containsExactly("broker");
    }

    @Test
    void anInterruptWaitsUntilEverythingIsClosed() throws IOException {
        closer.add(
                () -> closed.add("broker interrupted=" + Thread.currentThread().isInterrupted()));
        Thread.currentThread().interrupt();
        closer.close();
        assertThat(closed).containsExactly("broker interrupted=false");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatFailsAfterAFailureIsSuppressedOntoIt() {
        IOException problem = new IOException("port taken");
        closer.add(() -> {
            throw new IOException("later");
        });
        closer.closeAfter(problem);
        assertThat(problem.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("later");
    }
}
