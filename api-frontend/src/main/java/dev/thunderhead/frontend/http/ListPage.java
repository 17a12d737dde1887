package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
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
    /** @param found one more than {@code limit} where there are more */
    static <T> ListPage<T> of(List<T> found, int limit, Function<T, String> id) {
        List<T> data = found.subList(0, Math.min(limit, found.size()));
        return new ListPage<>(
                "list",
                data,
                data.stream().findFirst().map(id),
                data.isEmpty() ? Optional.empty() : Optional.of(id.apply(data.get(data.size() - 1))),
                found.size() > limit);
    }
}
