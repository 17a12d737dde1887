package dev.thunderhead.frontend.queue;

import java.time.Duration;

/**
 * Whether a member of a group has run, and could be reached by Kafka, all the time lately. Times are in nanoseconds. One
 * thread tells what happens, any may ask.
 */
final class Freshness {
    /**
     * After so long without a poll this frontend may have been frozen, and without an answer it may be cut off, and another
     * one chosen. A poll alone shows nothing: it returns as well when there is no broker.
     */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(4);

    /** By then its heartbeats have been answered, and a poll has told that another one was chosen, if one was. */
    private static final Duration DOUBTED_FOR = Duration.ofSeconds(3);

    private double answersSeen;
    private volatile long answeredAt;
    private volatile long polledAt;
    private volatile long doubtedAt;

    Freshness(long now) {
        answeredAt = now;
        polledAt = now;
        doubtedAt = now - DOUBTED_FOR.toNanos() - 1;
    }

    /** It begins to poll. */
    void started(long now) {
        polledAt = now;
    }

    /**
     * A poll has returned.
     *
     * @param answers how many heartbeats were answered so far
     */
    void polled(long now, double answers) {
        boolean hasNews = answers > answersSeen;
        if (!isRecent(polledAt, now) || (hasNews && !isRecent(answeredAt, now))) {
            doubtedAt = now;
        }
        polledAt = now;
        if (hasNews) {
            answersSeen = answers;
            answeredAt = now;
        }
    }

    /**
     * The coordinator has told what is assigned: its own word, for which no heartbeats were sent while it was waited for.
     *
     * @param chosen whether this member was given anything, of which nothing has to be doubted then
     */
    void assigned(long now, boolean chosen) {
        answeredAt = now;
        if (chosen) {
            polledAt = now;
        }
    }

    private static boolean isRecent(long time, long now) {
        return now - time < LONGEST_SILENCE.toNanos();
    }

    boolean isFresh(long now) {
        return isRecent(polledAt, now) && isRecent(answeredAt, now) && now - doubtedAt > DOUBTED_FOR.toNanos();
    }
}
