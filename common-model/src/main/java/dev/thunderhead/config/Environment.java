package dev.thunderhead.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads settings from environment variables and collects every problem, so that one start shows all of them. After a
 * problem the getters answer with a stand-in; {@link #settle} throws before anybody can use it. Not thread-safe.
 */
public final class Environment {
    /** What every setting's name begins with. */
    public static final String PREFIX = "THUNDERHEAD_";

    private static final URI STAND_IN_URI = URI.create("http://invalid");

    private final Map<String, String> variables;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Reads settings with {@code reader}; throws one {@link ConfigurationException} for all that is wrong. */
    public static <T> T read(Map<String, String> variables, Function<Environment, T> reader) {
        Environment environment = new Environment(variables);
        T settings;
        try {
            settings = reader.apply(environment);
        } catch (IllegalArgumentException problem) {
            // A record refused a stand-in, or a combination of values.
            environment.settle();
            throw new ConfigurationException(List.of(String.valueOf(problem.getMessage())));
        }
        environment.settle();
        return settings;
    }

    private void settle() {
        variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .sorted()
                .forEach(name -> problems.add(name + ": no such setting here"));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** A required text. */
    public String text(String name) {
        return value(name).orElseGet(() -> problem(name, "must be set", ""));
    }

    public String text(String name, String otherwise) {
        return value(name).orElse(otherwise);
    }

    /** A text that may be left out. */
    public Optional<String> value(String name) {
        known.add(name);
        return Optional.ofNullable(variables.get(name)).filter(text -> !text.isBlank());
    }

    /** A list separated by commas. */
    public List<String> list(String name, List<String> otherwise) {
        return value(name).map(text -> List.of(text.strip().split("\\s*,\\s*"))).orElse(otherwise);
    }

    public int number(String name, int otherwise, int min, int max) {
        Optional<String> text = value(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get().strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException problem) {
            // Reported below, like a number out of range.
        }
        return problem(name, "must be a whole number from " + min + " to " + max, otherwise);
    }

    /** A time span, written {@code 250ms}, {@code 30s}, {@code 5m} or {@code 2h}. */
    public Duration duration(String name, Duration otherwise) {
        return parsed(name, otherwise, Environment::span);
    }

    /**
     * Reads a time span, written {@code 250ms}, {@code 30s}, {@code 5m} or {@code 2h}.
     *
     * @throws IllegalArgumentException when it is none; the message tells the form
     */
    public static Duration span(String text) {
        String span = text.strip();
        try {
            Duration duration = span.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(span.substring(0, span.length() - 2)))
                    : Duration.parse("PT" + span);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException | NumberFormatException problem) {
            // Reported below, like a negative one.
        }
        throw new IllegalArgumentException("must be a time span such as 250ms, 30s, 5m or 2h");
    }

    /** A required address with scheme and host. */
    public URI uri(String name) {
        return value(name).isEmpty() ? problem(name, "must be set", STAND_IN_URI) : uri(name, STAND_IN_URI);
    }

    public URI uri(String name, URI otherwise) {
        Optional<String> text = value(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            URI uri = URI.create(text.get().strip());
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException problem) {
            // Reported below, like an address of another scheme.
        }
        return problem(name, "must be an address such as http://localhost:9000", otherwise);
    }

    /** A required path. */
    public Path path(String name) {
        return Path.of(text(name));
    }

    /** Any other form; {@code parser} throws {@link IllegalArgumentException} with a message for the user. */
    public <T> T parsed(String name, T otherwise, Function<String, T> parser) {
        Optional<String> text = value(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return parser.apply(text.get().strip());
        } catch (IllegalArgumentException problem) {
            return problem(name, String.valueOf(problem.getMessage()), otherwise);
        }
    }

    private <T> T problem(String name, String what, T standIn) {
        problems.add(name + ": " + what);
        return standIn;
    }
}
