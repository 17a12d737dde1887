package dev.thunderhead.frontend.retention;

import dev.thunderhead.frontend.file.FileExpiry;
import dev.thunderhead.job.Lane;
import dev.thunderhead.storage.Lifecycle;
import java.time.Duration;
import java.util.List;

/**
 * Objects of one kind, and how long they are kept.
 *
 * @param prefix of their keys, for example {@code tasks/}
 * @param time from when it is counted
 */
record Keeping(String prefix, Duration kept, From time) {
    private static final Duration DAY = Duration.ofDays(1);

    /** What is judged when it is read may lie about for a while longer. */
    private static final Duration SLACK = Duration.ofHours(1);

    /** How long a job may be open. Its last picture's time is not known from its id, nor from its first picture. */
    private static final Duration OPEN = Lane.BULK.deadline().plus(SLACK);

    /** A store that was away may keep a batch from ending for days, whose parts are not written anew meanwhile. */
    private static final Duration ENDING = Duration.ofDays(7);

    /** From when an object's time is counted. */
    enum From {
        /** From the submission of the job whose id its key has after the account: {@code <prefix><account>/<job>}. */
        JOB,
        /** From when it was written. */
        WRITING,
        /** From when it was written, and only what lies in an account's folder of deliveries. */
        DELIVERY,
        /** From when its key says: notes of when files expire. */
        EXPIRY
    }

    /** All of them; what tells of a job last, after its pictures. */
    static List<Keeping> all(RetentionSettings settings) {
        Duration ofJobs = settings.results().plus(OPEN);
        return List.of(
                new Keeping("tasks/", ofJobs, From.JOB),
                new Keeping("attempts/", ofJobs, From.JOB),
                new Keeping("jobs/", ofJobs, From.JOB),
                new Keeping("webhooks/", settings.results(), From.DELIVERY),
                new Keeping(FileExpiry.PREFIX, Duration.ZERO, From.EXPIRY),
                new Keeping("batches/", ofJobs.plus(ENDING), From.WRITING),
                new Keeping("idempotency/", DAY.plus(SLACK), From.WRITING),
                new Keeping("orphans/", SLACK.plus(SLACK), From.WRITING));
    }

    /** Whether a store's own rule can do it: one that goes by a prefix and the time of writing, which is never earlier. */
    boolean suitsRule() {
        return time != From.DELIVERY && time != From.EXPIRY;
    }

    /** The rule, in whole days, rounded up. */
    Lifecycle.Expiry rule() {
        return new Lifecycle.Expiry(
                prefix, Math.toIntExact(kept.plus(DAY).minusNanos(1).toDays()));
    }
}
