package dev.thunderhead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.Samples;
import dev.thunderhead.job.TaskId;
import org.junit.jupiter.api.Test;

class ObjectKeysTest {
    private final ObjectKeys keys = new ObjectKeys("0123456789abcdef0123456789abcdef");
    private final TaskId task = new TaskId(Samples.JOB, 2);

    // The signature was computed with: printf acme/job_…/2 | openssl dgst -sha256 -hmac
    // 0123456789abcdef0123456789abcdef
    @Test
    void anOutcomesKeyNeverChanges() {
        assertThat(keys.outcome(Samples.ACCOUNT, task))
                .isEqualTo("tasks/acme/job_7ywb6tq1zr0m3c5k8v2d9h4j6n/2-39570c5775d275fa5c1a9671506e2ef3");
    }

    @Test
    void everyTaskOfEveryAccountHasItsOwnSignature() {
        assertThat(keys.signature(Samples.ACCOUNT, task))
                .isNotEqualTo(keys.signature(Samples.ACCOUNT, new TaskId(Samples.JOB, 1)))
                .isNotEqualTo(keys.signature(new Account("acme-eu"), task))
                .isNotEqualTo(new ObjectKeys("another secret of 32 characters!").signature(Samples.ACCOUNT, task));
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new ObjectKeys("short")).hasMessageContaining("32 characters");
    }
}
