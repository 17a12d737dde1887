package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OpeningQueueTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final OpeningQueue queue = new OpeningQueue();

    private static Batches.Name name(String account) {
        return new Batches.Name(new Account(account), BatchId.create(Instant.now(), RANDOM));
    }

    @Test
    void accountsDoNotWaitForEachOtherAndEachOpensOneAtATime() {
        Batches.Name first = name("acme");
        Batches.Name second = name("acme");
        Batches.Name other = name("globex");
        queue.add(first);
        queue.add(second);
        queue.add(second);
        queue.add(other);
        assertThat(queue.next()).contains(first);
        assertThat(queue.next()).contains(other);
        assertThat(queue.next()).isEmpty();
        queue.add(first);
        queue.done(first);
        assertThat(queue.next()).as("one that was being opened is not added").contains(second);
        queue.done(second);
        assertThat(queue.next()).isEmpty();
    }
}
