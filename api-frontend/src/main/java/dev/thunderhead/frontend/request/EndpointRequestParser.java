package dev.thunderhead.frontend.request;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.job.CallbackEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the bodies of {@code /v1/webhook_endpoints}: OpenAI's {@code name}, {@code url} and {@code event_types}, and ours:
 * {@code include}, where {@code data} asks for the pictures' addresses, and {@code enabled}. Throws {@link ApiException}
 * and nothing else. Thread-safe.
 */
public final class EndpointRequestParser {
    private static final Set<String> ENDPOINT = Set.of("name", "url", "event_types", "include", "enabled");
    private static final String KEEP = "keep_old_secret_active_for_24_hours";
    private static final String EVENT_TYPE = "event_type";

    private final CallbackUrls urls;

    public EndpointRequestParser(CallbackUrls urls) {
        this.urls = urls;
    }

    /** The types of all events that there are. */
    public static List<String> eventTypes() {
        return CallbackEvent.all().stream().map(CallbackEvent::type).toList();
    }

    /** A new endpoint: with name, url and event types. */
    public EndpointRequest create(byte[] body) {
        EndpointRequest request = update(body);
        require("name", request.name());
        require("url", request.url());
        require("event_types", request.types());
        return request;
    }

    private static void require(String name, Optional<?> value) {
        if (value.isEmpty()) {
            throw Parameters.invalid(name, name + " is missing");
        }
    }

    /** A change. */
    public EndpointRequest update(byte[] body) {
        Parameters parameters = Parameters.read(body, ENDPOINT);
        return new EndpointRequest(
                name(parameters),
                url(parameters),
                parameters.texts("event_types").map(EndpointRequestParser::types),
                IncludedParts.data(parameters),
                parameters.flag("enabled"));
    }

    private static Optional<String> name(Parameters parameters) {
        Optional<String> name = parameters.text("name");
        if (name.isPresent()
                && (name.get().isBlank()
                        || name.get().codePointCount(0, name.get().length()) > EndpointRequest.MAX_NAME)) {
            throw Parameters.invalid("name", "name must have 1 to " + EndpointRequest.MAX_NAME + " characters");
        }
        return name;
    }

    private Optional<String> url(Parameters parameters) {
        Optional<String> url = parameters.text("url");
        if (url.isPresent()) {
            try {
                urls.check(url.get());
            } catch (IllegalArgumentException problem) {
                throw Parameters.invalid("url", "url " + problem.getMessage());
            }
        }
        return url;
    }

    private static Set<String> types(List<String> types) {
        if (types.isEmpty() || !eventTypes().containsAll(types)) {
            throw Parameters.invalid("event_types", "event_types must be some of " + shownTypes());
        }
        return new TreeSet<>(types);
    }

    private static String shownTypes() {
        return eventTypes().stream().collect(Collectors.joining(", "));
    }

    /** Whether the former secret shall sign for another day. */
    public boolean keepsOldSecret(byte[] body) {
        return body.length > 0 && Parameters.read(body, Set.of(KEEP)).flag(KEEP).orElse(false);
    }

    /** The event to try an endpoint with. */
    public CallbackEvent testedEvent(byte[] body) {
        String type = Parameters.read(body, Set.of(EVENT_TYPE))
                .text(EVENT_TYPE)
                .orElseThrow(() -> Parameters.invalid(EVENT_TYPE, EVENT_TYPE + " is missing"));
        return CallbackEvent.all().stream()
                .filter(event -> event.type().equals(type))
                .findFirst()
                .orElseThrow(() -> Parameters.invalid(EVENT_TYPE, EVENT_TYPE + " must be one of " + shownTypes()));
    }
}
