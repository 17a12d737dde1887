package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where the owner of one job wants to be called when it ends.
 *
 * @param url an absolute http or https address
 * @param events the ends to be called for; not empty
 * @param includeData whether the call carries the pictures' addresses
 */
public record Callback(
        String url,
        Set<JobEvent> events,
        @JsonProperty("include_data") boolean includeData) {
    public Callback {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a callback is for one event at least");
        }
        events = Set.copyOf(EnumSet.copyOf(events));
    }
}
