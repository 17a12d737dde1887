package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.error.ApiException;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListQueryTest {
    private static MultiMap limit(String text) {
        return MultiMap.caseInsensitiveMultiMap().set("limit", text);
    }

    @Test
    void aPageHasAThousandFilesHoweverManyMayBeAskedFor() {
        assertThat(ListQuery.of(limit("1000"), ListFiles.LIMITS).limit()).isEqualTo(1_000);
        assertThat(ListQuery.of(limit("10000"), ListFiles.LIMITS).limit()).isEqualTo(1_000);
        assertThat(ListQuery.of(limit("7"), ListFiles.LIMITS).limit()).isEqualTo(7);
    }

    @Test
    void listsRefuseAnOrderThatIsNotTheirs() {
        ListQuery none = ListQuery.of(MultiMap.caseInsensitiveMultiMap());
        none.requireNewestFirst();
        none.requireOldestFirst();
        assertThat(none.ascending()).isFalse();
        order("desc").requireNewestFirst();
        order("asc").requireOldestFirst();
        assertThat(order("asc").ascending()).isTrue();
        assertThatThrownBy(() -> order("asc").requireNewestFirst()).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> order("desc").requireOldestFirst()).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> order("up")).isInstanceOf(ApiException.class);
    }

    private static ListQuery order(String text) {
        return ListQuery.of(MultiMap.caseInsensitiveMultiMap().set("order", text));
    }

    @Test
    void anEmptyPageSaysToGoOnWhereItBegan() {
        ListPage<String> empty = ListPage.of(List.of(), id -> id, Optional.empty());
        assertThat(empty.begunBehind(Optional.of("b")).lastId()).contains("b");
        assertThat(empty.begunBehind(Optional.of("b")).hasMore()).isFalse();
        assertThat(empty.begunBehind(Optional.empty()).lastId()).isEmpty();
        assertThat(ListPage.of(List.of("c"), id -> id, Optional.empty())
                        .begunBehind(Optional.of("b"))
                        .lastId())
                .contains("c");
    }

    @Test
    void whatIsNoLimitIsAnError() {
        for (String text : List.of("0", "-1", "10001", "x", "99999999999")) {
            assertThatThrownBy(() -> ListQuery.of(limit(text), ListFiles.LIMITS))
                    .isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> ListQuery.of(limit("101"))).isInstanceOf(ApiException.class);
    }
}
