package dev.thunderhead.frontend.webhook;

import dev.thunderhead.config.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * When a call that failed is made again; the first is made at once.
 *
 * @param pauses after each failed try but the last: one less than there are tries, up to 19
 */
public record Schedule(List<Duration> pauses) {
    /** Svix's, which Standard Webhooks recommends: eight tries in 28 hours. */
    public static final Schedule STANDARD = parse("5s,5m,30m,2h,5h,10h,10h");

    /** A pause is longer by up to this share of itself, so that what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private static final int MOST = 19;

    public Schedule {
        pauses = List.copyOf(pauses);
        if (pauses.isEmpty() || pauses.size() > MOST) {
            throw new IllegalArgumentException("must be 1 to " + MOST + " time spans");
        }
    }

    /** Reads time spans separated by commas, for example {@code 5s,5m,30m}. */
    public static Schedule parse(String text) {
        return new Schedule(Stream.of(text.strip().split("\\s*,\\s*"))
                .map(Environment::span)
                .toList());
    }

    /** How long to wait after so many failed tries; empty when those were enough. */
    Optional<Duration> after(int tries, RandomGenerator random) {
        if (tries > pauses.size()) {
            return Optional.empty();
        }
        Duration pause = pauses.get(tries - 1);
        return Optional.of(pause.plusMillis((long) (pause.toMillis() * JITTER * random.nextDouble())));
    }
}
