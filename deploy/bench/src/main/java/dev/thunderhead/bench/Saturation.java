package dev.thunderhead.bench;

import dev.thunderhead.standalone.PictureClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps a number of requests in flight, and counts what comes back. */
final class Saturation {
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private Saturation() {}

    /** Pictures per second over {@code time}, after a warm-up, with {@code inFlight} requests for one picture each. */
    static double picturesPerSecond(PictureClient client, Map<String, Object> request, int inFlight, Duration time)
            throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        AtomicLong answered = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long start = System.nanoTime();
        long measureFrom = start + WARM_UP.toNanos();
        long end = measureFrom + time.toNanos();
        while (System.nanoTime() < end && failure.get() == null) {
            free.acquire();
            var unused = client.generateLater(request).whenComplete((answer, problem) -> {
                long now = System.nanoTime();
                if (problem != null) {
                    failure.set(problem);
                } else if (now >= measureFrom && now < end) {
                    answered.incrementAndGet();
                }
                free.release();
            });
        }
        free.acquire(inFlight);
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
        return answered.get() * 1e9 / time.toNanos();
    }
}
