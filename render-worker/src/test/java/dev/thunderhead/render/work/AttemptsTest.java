package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final RenderTask rendered = Cloud.task(Lane.STANDARD, "suspect");
    private final TaskEnvelope task = TaskEnvelope.of(rendered);
    private final MemoryStore store = new MemoryStore();
    private final Attempts attempts = new Attempts(store);

    @Test
    void aMarkerWhoseWriterGotNoAnswerIsItsOwn() throws IOException {
        Delivery delivery = Deliveries.first();
        store.loseNextAnswer();
        assertThatThrownBy(() -> attempts.begin(delivery, task)).isInstanceOf(IOException.class);

        assertThat(attempts.begin(delivery, task)).isTrue();

        assertThat(markers()).hasSize(1);
    }

    @Test
    void threeAttemptsThatLeftTheirMarkersAreTooMany() throws IOException {
        for (int attempt = 0; attempt < Attempts.LIMIT; attempt++) {
            assertThat(new Attempts(store).begin(Deliveries.first(), task)).isTrue();
        }

        assertThat(attempts.begin(Deliveries.first(), task)).isFalse();
        assertThat(markers()).hasSize(Attempts.LIMIT);
    }

    @Test
    void onlyTheOwnMarkerIsWithdrawn() throws IOException {
        new Attempts(store).begin(Deliveries.first(), task);
        List<String> foreign = markers();
        Delivery delivery = Deliveries.first();
        attempts.begin(delivery, task);

        attempts.withdraw(delivery);

        assertThat(markers()).isEqualTo(foreign);
    }

    @Test
    void aMarkerWithoutAnAnswerIsWithdrawnAsWell() {
        store.loseNextAnswer();
        assertThatThrownBy(() -> attempts.begin(Deliveries.first(), task)).isInstanceOf(IOException.class);

        attempts.withdrawAll(Duration.ofSeconds(5));

        assertThat(markers()).isEmpty();
    }

    @Test
    void aStoreThatThrowsAnythingStopsNeitherADrainNorAnEnd() throws IOException {
        InterruptedStore broken = new InterruptedStore(store);
        Attempts shaken = new Attempts(broken);
        Delivery delivery = Deliveries.first();
        shaken.begin(delivery, task);
        broken.breakDown();

        assertThatCode(() -> shaken.clear(delivery, task)).doesNotThrowAnyException();
        assertThatCode(() -> shaken.withdrawAll(Duration.ofSeconds(5))).doesNotThrowAnyException();
    }

    private List<String> markers() {
        return store.list(ObjectKeys.attempts(rendered.account(), rendered.id()));
    }
}
