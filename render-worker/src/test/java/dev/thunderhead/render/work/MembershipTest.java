package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(40)
class MembershipTest {
    @Test
    void stopsThoughKafkaIsAway() throws InterruptedException {
        KafkaConnection nowhere = new KafkaConnection(new KafkaSettings("127.0.0.1:1", Map.of(), 1, 1));
        Membership membership = new Membership(nowhere, Set.of("claim"), () -> {});
        Thread thread = new Thread(membership);
        thread.start();
        Thread.sleep(500);

        membership.stop();

        thread.join(20_000);
        assertThat(thread.isAlive()).isFalse();
    }
}
