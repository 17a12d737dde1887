package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted, in the manner of OpenAI's lists.
 *
 * @param after the id of the last one on the page before
 * @param limit how many at most
 * @param order if the client says so
 */
record ListQuery(Optional<String> after, int limit, Optional<Order> order) {
    /** What a list begins with. */
    enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** @throws ApiException naming the parameter to blame */
    static ListQuery of(MultiMap query) {
        return of(query, Limits.USUAL);
    }

    /**
     * How many entries a client may ask for.
     *
     * @param unasked how many it is given that says nothing
     * @param page how many it is given at most
     * @param largest the largest limit that is no error
     */
    record Limits(int unasked, int page, int largest) {
        static final Limits USUAL = new Limits(20, 100, 100);
    }

    /**
     * As {@link #of(MultiMap)}, with other limits.
     *
     * @throws ApiException naming the parameter to blame
     */
    static ListQuery of(MultiMap query, Limits limits) {
        return new ListQuery(
                Optional.ofNullable(query.get("after")).filter(text -> !text.isEmpty()),
                limit(query.get("limit"), limits),
                order(query.get("order")));
    }

    private static int limit(@Nullable String text, Limits limits) {
        if (text == null) {
            return limits.unasked();
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= limits.largest()) {
                return Math.min(limit, limits.page());
            }
        } catch (NumberFormatException problem) {
            // Answered below, like a number out of range.
        }
        throw ApiError.invalid("limit", "limit must be a whole number from 1 to " + limits.largest())
                .asException();
    }

    private static Optional<Order> order(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (text) {
                    case "asc" -> Order.OLDEST_FIRST;
                    case "desc" -> Order.NEWEST_FIRST;
                    default ->
                        throw ApiError.invalid("order", "order must be asc or desc")
                                .asException();
                });
    }

    /** For lists that usually begin with the newest. */
    boolean ascending() {
        return order.equals(Optional.of(Order.OLDEST_FIRST));
    }

    /** For lists that are kept in that order alone. */
    void requireNewestFirst() {
        if (ascending()) {
            throw ApiError.invalid("order", "order must be desc: this list begins with the newest")
                    .asException();
        }
    }

    /** For lists that grow at their end while they are read. */
    void requireOldestFirst() {
        if (order.equals(Optional.of(Order.NEWEST_FIRST))) {
            throw ApiError.invalid("order", "order must be asc: this list is in the order in which lines ended")
                    .asException();
        }
    }
}
