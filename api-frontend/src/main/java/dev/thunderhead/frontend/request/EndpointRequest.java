package dev.thunderhead.frontend.request;

import java.util.Optional;
import java.util.Set;

/**
 * What a client says of a webhook endpoint; what it leaves out stays as it is.
 *
 * @param name up to {@value #MAX_NAME} characters
 * @param url judged by its form
 * @param types of the events to hear of; not empty
 * @param includeData whether calls carry the pictures' addresses
 * @param enabled whether it is called at all
 */
public record EndpointRequest(
        Optional<String> name,
        Optional<String> url,
        Optional<Set<String>> types,
        Optional<Boolean> includeData,
        Optional<Boolean> enabled) {
    public static final int MAX_NAME = 256;
}
