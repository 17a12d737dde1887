package dev.thunderhead.frontend.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.storage.Lifecycle.Expiry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeepingTest {
    private static List<Expiry> rules(Duration results) {
        return Keeping.all(new RetentionSettings(results)).stream()
                .filter(Keeping::suitsRule)
                .map(Keeping::rule)
                .toList();
    }

    @Test
    void aRuleNeverDeletesEarlierThanPromised() {
        assertThat(rules(Duration.ofDays(30)))
                .containsExactly(
                        new Expiry("tasks/", 32),
                        new Expiry("attempts/", 32),
                        new Expiry("jobs/", 32),
                        new Expiry("batches/", 39),
                        new Expiry("idempotency/", 2),
                        new Expiry("orphans/", 1));
        assertThat(rules(Duration.ofHours(23))).contains(new Expiry("jobs/", 2));
    }

    @Test
    void noRuleTouchesFilesWhichSayThemselvesWhenTheyExpire() {
        assertThat(rules(Duration.ofHours(1))).noneMatch(rule -> rule.prefix().startsWith("files"));
    }
}
