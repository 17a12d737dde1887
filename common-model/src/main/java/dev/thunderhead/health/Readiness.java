package dev.thunderhead.health;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What a service waits for before it takes work, and what has died under it. Thread-safe.
 */
public final class Readiness {
    private final Map<String, String> waiting = new ConcurrentSkipListMap<>();
    private final Map<String, String> dead = new ConcurrentSkipListMap<>();

    /** Not ready until {@code part} is {@link #ready}. */
    public void waitFor(String part, String why) {
        waiting.put(part, why);
    }

    public void ready(String part) {
        waiting.remove(part);
    }

    /** The part will not come back by itself: the process should be restarted. */
    public void dead(String part, String why) {
        dead.put(part, why);
    }

    public boolean isReady() {
        return waiting.isEmpty() && dead.isEmpty();
    }

    public boolean isAlive() {
        return dead.isEmpty();
    }

    /** What is missing or dead, by part. */
    public Map<String, String> problems() {
        Map<String, String> all = new ConcurrentSkipListMap<>(waiting);
        all.putAll(dead);
        return all;
    }
}
