package dev.thunderhead.frontend.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
    @Test
    void aNewKeyIsReadBackAndNoOtherLikeIt() {
        ApiKey key = ApiKey.create(new SecureRandom());

        assertThat(key.text()).matches("th_[0-9A-Za-z]{33}");
        assertThat(ApiKey.parse(key.text())).contains(key);
        assertThat(key.sha256()).matches("[0-9a-f]{64}");
        for (int i = 0; i < key.text().length(); i++) {
            char wrong = key.text().charAt(i) == 'x' ? 'y' : 'x';
            assertThat(ApiKey.parse(
                            key.text().substring(0, i) + wrong + key.text().substring(i + 1)))
                    .isEmpty();
        }
    }

    @Test
    void aKeyIsNotShown() {
        ApiKey key = ApiKey.create(new SecureRandom());
        assertThat(key.toString()).doesNotContain(key.text().substring(3, 10));
    }

    @Test
    void noTwoKeysAreAlike() {
        SecureRandom random = new SecureRandom();
        assertThat(ApiKey.create(random)).isNotEqualTo(ApiKey.create(random));
    }
}
