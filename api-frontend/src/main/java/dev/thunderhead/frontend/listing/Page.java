package dev.thunderhead.frontend.listing;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param next behind which entry the list goes on; empty at its end
 */
public record Page<I, T>(List<T> entries, Optional<I> next) {
    public Page {
        entries = List.copyOf(entries);
    }

    /** @param found one more than {@code limit} where there are more */
    public static <I, T> Page<I, T> of(List<T> found, int limit, Function<T, I> id) {
        List<T> entries = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                entries, found.size() > limit ? Optional.of(id.apply(entries.get(limit - 1))) : Optional.empty());
    }

    /** The answer to a cursor that names nothing in its list. */
    public static ApiException unknownCursor() {
        return ApiError.invalid("after", "after must be the id of an entry of this list")
                .asException();
    }
}
