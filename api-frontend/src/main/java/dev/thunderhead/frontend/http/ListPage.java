package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.listing.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Part of a list, in the form of OpenAI's lists. */
record ListPage<T>(
        String object,
        List<T> data,
        @JsonProperty("first_id") Optional<String> firstId,
        @JsonProperty("last_id") Optional<String> lastId,
        @JsonProperty("has_more") boolean hasMore) {
    /** @param next behind which entry the list goes on; empty at its end */
    static <T> ListPage<T> of(List<T> data, Function<T, String> id, Optional<String> next) {
        Optional<String> last = data.isEmpty() ? Optional.empty() : Optional.of(id.apply(data.get(data.size() - 1)));
        return new ListPage<>("list", data, data.stream().findFirst().map(id), next.or(() -> last), next.isPresent());
    }

    /** The same, where even an empty page says where to go on: where it began itself. */
    ListPage<T> begunBehind(Optional<String> after) {
        return new ListPage<>(object, data, firstId, lastId.or(() -> after), hasMore);
    }

    /** @param found one more than {@code limit} where there are more */
    static <T> ListPage<T> of(List<T> found, int limit, Function<T, String> id) {
        Page<String, T> page = Page.of(found, limit, id);
        return of(page.entries(), id, page.next());
    }
}
