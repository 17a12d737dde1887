package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTurnsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final BatchTurns turns = new BatchTurns();
    private final List<Batches.Name> begun = new ArrayList<>();

    private static Batches.Name name(String account) {
        return new Batches.Name(new Account(account), BatchId.create(Instant.now(), RANDOM));
    }

    private void add(Batches.Name name) {
        turns.add(name, () -> begun.add(name));
    }

    @Test
    void accountsDoNotWaitForEachOtherAndEachHasOneAtATime() {
        Batches.Name first = name("acme");
        Batches.Name second = name("acme");
        Batches.Name other = name("globex");
        add(first);
        add(second);
        add(second);
        add(other);
        assertThat(begun).containsExactly(first, other);
        add(first);
        turns.done(first);
        assertThat(begun).as("one whose turn it was is not added").containsExactly(first, other, second);
        assertThat(turns.contains(first)).isFalse();
        turns.done(second);
        assertThat(turns.contains(second)).isFalse();
        assertThat(begun).hasSize(3);
    }
}
