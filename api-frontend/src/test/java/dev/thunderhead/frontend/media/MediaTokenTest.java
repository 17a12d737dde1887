package dev.thunderhead.frontend.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MediaTokenTest {
    private static final ObjectKeys KEYS = new ObjectKeys("a secret of at least thirty-two characters");
    private static final TaskId TASK = new TaskId(JobId.create(Instant.EPOCH, new Random(1)), 12);

    @Test
    void aTokenIsReadBackAlsoWhenTheAccountHasHyphens() {
        for (String account : new String[] {"a", "acme-eu-1", "0-0"}) {
            MediaToken token = MediaToken.of(new Account(account), TASK, KEYS);
            assertThat(MediaToken.verify(token.toString(), KEYS)).contains(token);
        }
    }

    @Test
    void noOtherTokenIsValid() {
        String token = MediaToken.of(new Account("acme"), TASK, KEYS).toString();
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == '1' ? '2' : '1';
            assertThat(MediaToken.verify(token.substring(0, i) + other + token.substring(i + 1), KEYS))
                    .as("digit " + i)
                    .isEmpty();
        }
        assertThat(MediaToken.verify(token, new ObjectKeys("another secret of thirty-two characters")))
                .isEmpty();
        assertThat(MediaToken.verify(token.replace("-12-", "-012-"), KEYS)).isEmpty();
        assertThat(MediaToken.verify("", KEYS)).isEmpty();
        assertThat(MediaToken.verify(token + "/..", KEYS)).isEmpty();
    }
}
