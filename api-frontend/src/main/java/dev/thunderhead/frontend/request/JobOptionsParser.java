package dev.thunderhead.frontend.request;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.JobEvent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads how a client wants to hear of its job.
 *
 * <ul>
 *   <li>{@code stream}, {@code partial_images}: OpenAI's.
 *   <li>{@code metadata} (ours, in the form of OpenAI's other objects): up to 16 texts of up to 512 characters (Unicode code
 *       points), with names of up to 64.
 *   <li>{@code webhook_url} (ours): whom to call; {@code webhook_events}: for which ends, by default for all;
 *       {@code include}: {@code data} for the pictures' addresses in the call.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class JobOptionsParser {
    static final Set<String> KNOWN =
            Set.of("stream", "partial_images", "metadata", "webhook_url", "webhook_events", "include");

    private static final int MAX_PAIRS = 16;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 512;

    private final CallbackUrls urls;

    JobOptionsParser(CallbackUrls urls) {
        this.urls = urls;
    }

    JobOptions parse(Parameters parameters) {
        boolean stream = parameters.flag("stream").orElse(false);
        int previews = (int)
                parameters.whole("partial_images", 0, JobOptions.MAX_PREVIEWS).orElse(0);
        return new JobOptions(stream, stream ? previews : 0, metadata(parameters), callback(parameters));
    }

    /** The owner's own notes, in OpenAI's bounds. */
    static Map<String, String> metadata(Parameters parameters) {
        Map<String, String> metadata = parameters.table("metadata").orElse(Map.of());
        if (metadata.size() > MAX_PAIRS) {
            throw Parameters.invalid("metadata", "metadata may hold up to " + MAX_PAIRS + " entries");
        }
        metadata.forEach((name, value) -> {
            if (name.isEmpty() || isLonger(name, MAX_NAME)) {
                throw Parameters.invalid(
                        "metadata",
                        "names in metadata have 1 to " + MAX_NAME + " characters; \"" + ApiError.shown(name)
                                + "\" has not");
            }
            if (isLonger(value, MAX_VALUE)) {
                throw Parameters.invalid(
                        "metadata",
                        "values in metadata have up to " + MAX_VALUE + " characters; that of " + name + " has more");
            }
        });
        return metadata;
    }

    private static boolean isLonger(String text, int characters) {
        return text.codePointCount(0, text.length()) > characters;
    }

    private Optional<Callback> callback(Parameters parameters) {
        Optional<String> url = parameters.text("webhook_url");
        Optional<List<String>> events = parameters.texts("webhook_events");
        Optional<Boolean> data = IncludedParts.data(parameters);
        if (url.isEmpty()) {
            events.ifPresent(given -> needsUrl("webhook_events"));
            data.ifPresent(given -> needsUrl(IncludedParts.NAME));
            return Optional.empty();
        }
        try {
            urls.check(url.get());
        } catch (IllegalArgumentException problem) {
            throw Parameters.invalid("webhook_url", "webhook_url " + problem.getMessage());
        }
        Set<JobEvent> wanted = events.map(JobOptionsParser::events).orElse(EnumSet.allOf(JobEvent.class));
        return Optional.of(new Callback(url.get(), wanted, data.orElse(false)));
    }

    private static void needsUrl(String name) {
        throw Parameters.invalid(name, name + " says nothing without webhook_url");
    }

    private static Set<JobEvent> events(List<String> types) {
        try {
            return types.stream()
                    .map(JobEvent::ofType)
                    .collect(Collectors.collectingAndThen(Collectors.toSet(), EnumSet::copyOf));
        } catch (IllegalArgumentException problem) {
            String all = Arrays.stream(JobEvent.values()).map(JobEvent::type).collect(Collectors.joining(", "));
            throw Parameters.invalid("webhook_events", "webhook_events must be some of " + all);
        }
    }
}
