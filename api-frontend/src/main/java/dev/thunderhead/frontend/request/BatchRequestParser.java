package dev.thunderhead.frontend.request;

import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.request.BatchRequest.Window;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the bodies of requests for batches: OpenAI's parameters. {@code completion_window} may also be shorter than a
 * day, for example {@code 30m}; that is ours. Throws {@link ApiException} and nothing else. Thread-safe.
 */
public final class BatchRequestParser {
    /** The longest that a batch may take. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final String WINDOW = "completion_window";
    private static final String OUTPUT = "output_expires_after";
    private static final String ANCHOR = "anchor";
    private static final String SECONDS = "seconds";
    private static final long LEAST_SECONDS = 3_600;
    private static final long MOST_SECONDS = 2_592_000;
    private static final Set<String> KNOWN = Set.of("input_file_id", "endpoint", WINDOW, "metadata", OUTPUT);

    private final String endpoint;

    /** @param endpoint the one that batches may name */
    public BatchRequestParser(String endpoint) {
        this.endpoint = endpoint;
    }

    public BatchRequest parse(byte[] body) {
        Parameters parameters = Parameters.read(body, KNOWN);
        required(parameters, "endpoint");
        parameters.choice("endpoint", List.of(endpoint));
        return new BatchRequest(
                required(parameters, "input_file_id"),
                window(required(parameters, WINDOW)),
                JobOptionsParser.metadata(parameters),
                outputKept(parameters));
    }

    private static String required(Parameters parameters, String name) {
        return parameters.text(name).orElseThrow(() -> Parameters.invalid(name, name + " is missing"));
    }

    /** What a body says that asks for a batch's failed lines again: another window, or nothing. */
    public Optional<Window> parseRetry(byte[] body) {
        return body.length == 0
                ? Optional.empty()
                : Parameters.read(body, Set.of(WINDOW)).text(WINDOW).map(BatchRequestParser::window);
    }

    private static Window window(String text) {
        try {
            Duration span = Environment.span(text);
            if (span.compareTo(SHORTEST) >= 0 && span.compareTo(LONGEST) <= 0) {
                return new Window(text, span);
            }
        } catch (IllegalArgumentException problem) {
            // Answered below, like one that is too long.
        }
        throw Parameters.invalid(WINDOW, WINDOW + " must be 24h, or less, for example 30m");
    }

    private static Optional<Duration> outputKept(Parameters parameters) {
        Optional<Parameters> inner = parameters.inner(OUTPUT, Set.of(ANCHOR, SECONDS));
        if (inner.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> anchor = inner.get().choice(ANCHOR, List.of("created_at"));
        OptionalLong seconds = inner.get().whole(SECONDS, LEAST_SECONDS, MOST_SECONDS);
        if (anchor.isEmpty() || seconds.isEmpty()) {
            throw Parameters.invalid(
                    OUTPUT,
                    OUTPUT + " needs anchor, which is created_at, and seconds, a whole number from " + LEAST_SECONDS
                            + " to " + MOST_SECONDS);
        }
        return Optional.of(Duration.ofSeconds(seconds.getAsLong()));
    }
}
