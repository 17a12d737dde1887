package dev.thunderhead.standalone.batch;

import java.time.Duration;

/**
 * How a client behaves towards a server that is busy or away.
 *
 * @param poll between two looks at a batch
 * @param first pause before the second try of a call; each further one is twice as long
 * @param longest pause between two tries, also where the server asks for more
 * @param whole after which a call is given up
 */
record Patience(Duration poll, Duration first, Duration longest, Duration whole) {
    static final Patience STANDARD =
            new Patience(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(10));

    /** The pause after a number of tries, from 1. */
    Duration pause(int tries) {
        Duration doubled = first.multipliedBy(1L << Math.min(tries - 1, 20));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
