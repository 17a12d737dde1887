package dev.thunderhead.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * Begins something so many times a second, whatever becomes of it: an open loop. Each time has its moment, and whoever
 * measures from that moment misses no delay, also not one that kept us from beginning in time (coordinated omission; G.
 * Tene, "How not to measure latency", 2013). Belongs to one event loop.
 */
final class Pace {
    private static final long TICK_MILLIS = 1;

    private final Vertx vertx;
    private final int count;
    private final double perSecond;
    private final Step step;
    private final long start = System.nanoTime();
    private final List<Future<?>> begun = new ArrayList<>();
    private final Promise<Void> ended = Promise.promise();

    /** What is begun. */
    @FunctionalInterface
    interface Step {
        /**
         * @param index from 0
         * @param due its moment, by {@link System#nanoTime}
         */
        Future<?> begin(int index, long due);
    }

    private Pace(Vertx vertx, int count, double perSecond, Step step) {
        this.vertx = vertx;
        this.count = count;
        this.perSecond = perSecond;
        this.step = step;
    }

    /** Completes when all have ended, and fails when one has failed; call it on the event loop. */
    static Future<Void> keep(Vertx vertx, int count, double perSecond, Step step) {
        Pace pace = new Pace(vertx, count, perSecond, step);
        vertx.setPeriodic(TICK_MILLIS, pace::tick);
        return pace.ended.future();
    }

    private void tick(long timer) {
        long now = System.nanoTime();
        for (long due = due(); begun.size() < count && due <= now; due = due()) {
            begun.add(step.begin(begun.size(), due));
        }
        if (begun.size() == count) {
            vertx.cancelTimer(timer);
            Future.all(begun).<Void>mapEmpty().onComplete(ended);
        }
    }

    private long due() {
        return start + (long) (begun.size() * 1e9 / perSecond);
    }
}
