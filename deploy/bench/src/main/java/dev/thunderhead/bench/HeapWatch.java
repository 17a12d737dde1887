package dev.thunderhead.bench;

import java.io.IOException;
import java.time.Duration;

/** The most that a process has of its heap right after collections, which it is made to do now and then. Not thread-safe. */
final class HeapWatch {
    private final ServiceProcess process;
    private final Duration pause;
    private long looked = System.nanoTime();
    private double most;

    /** @param pause between two collections */
    HeapWatch(ServiceProcess process, Duration pause) {
        this.process = process;
        this.pause = pause;
    }

    /** Looks, if it is time to. */
    void look() throws IOException, InterruptedException {
        if (System.nanoTime() - looked > pause.toNanos()) {
            looked = System.nanoTime();
            most = Math.max(most, process.heapMegabytes());
        }
    }

    /** The most so far, and now. */
    double megabytes() throws IOException, InterruptedException {
        most = Math.max(most, process.heapMegabytes());
        return most;
    }
}
