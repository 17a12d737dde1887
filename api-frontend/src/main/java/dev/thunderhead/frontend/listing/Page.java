package dev.thunderhead.frontend.listing;

import java.util.List;
import java.util.Optional;

/**
 * Part of a list.
 *
 * @param next behind which entry the list goes on; empty at its end
 */
public record Page<I, T>(List<T> entries, Optional<I> next) {
    public Page {
        entries = List.copyOf(entries);
    }
}
