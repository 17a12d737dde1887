package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.error.ApiException;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListQueryTest {
    private static MultiMap limit(String text) {
        return MultiMap.caseInsensitiveMultiMap().set("limit", text);
    }

    @Test
    void aPageHasAHundredHoweverManyMayBeAskedFor() {
        assertThat(ListQuery.of(limit("100"), 10_000).limit()).isEqualTo(100);
        assertThat(ListQuery.of(limit("10000"), 10_000).limit()).isEqualTo(100);
        assertThat(ListQuery.of(limit("7"), 10_000).limit()).isEqualTo(7);
    }

    @Test
    void whatIsNoLimitIsAnError() {
        for (String text : List.of("0", "-1", "10001", "x", "99999999999")) {
            assertThatThrownBy(() -> ListQuery.of(limit(text), 10_000)).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> ListQuery.of(limit("101"))).isInstanceOf(ApiException.class);
    }
}
