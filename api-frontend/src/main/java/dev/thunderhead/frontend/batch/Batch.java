package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that is known of a batch: the one object in the store that tells it. Whoever changes it replaces the version that he
 * has read. Immutable.
 *
 * @param since when each status that it has had began
 * @param errors why it has failed, if it has
 * @param ending what it comes to, once that is decided
 * @param output the file with the answers, once it is to be written and there are any
 * @param errorFile the file with the lines that have no picture, likewise
 * @param feed how far its lines are; only the feeder changes it
 */
public record Batch(
        BatchId id,
        Account account,
        Order order,
        BatchStatus status,
        Map<BatchStatus, Instant> since,
        List<BatchError> errors,
        Optional<BatchStatus> ending,
        Optional<FileId> output,
        @JsonProperty("error_file") Optional<FileId> errorFile,
        Feed feed) {
    public Batch {
        since = Map.copyOf(since);
        errors = List.copyOf(errors);
    }

    /**
     * What its owner asked for.
     *
     * @param input the file with its lines
     * @param window how long it may take, as its owner wrote it
     * @param expiresAt when that is over
     * @param outputKept how long its files are kept
     * @param retryOf the batch whose failed lines these are
     */
    public record Order(
            FileId input,
            String window,
            @JsonProperty("expires_at") Instant expiresAt,
            Map<String, String> metadata,
            @JsonProperty("output_kept") Duration outputKept,
            @JsonProperty("retry_of") Optional<BatchId> retryOf) {
        public Order {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * How far its lines are.
     *
     * @param feeder who feeds it: whoever took it over last
     * @param lines how many lines the file has, blank ones included
     * @param total how many requests those are
     * @param model what paints all of them, if it is one
     * @param tally what those that have ended have come to
     * @param reserved lines up to this one may have been queued
     * @param done lines that need nothing any more
     * @param segments where their results are, in the order in which they ended
     * @param perSecond how many lines end in a second at present
     */
    public record Feed(
            String feeder,
            int lines,
            int total,
            Optional<String> model,
            Tally tally,
            int reserved,
            LineSet done,
            List<Segment> segments,
            @JsonProperty("per_second") Optional<Double> perSecond) {
        static final Feed NONE =
                new Feed("", 0, 0, Optional.empty(), Tally.NONE, 0, LineSet.NONE, List.of(), Optional.empty());

        public Feed {
            segments = List.copyOf(segments);
        }

        Feed by(String newFeeder) {
            return new Feed(newFeeder, lines, total, model, tally, reserved, done, segments, perSecond);
        }

        /** Whether no line of a file that was read needs anything any more. */
        boolean isDone() {
            return lines > 0 && done.toBits().cardinality() == lines;
        }

        /** Whether each of its requests has run, well or not: one that was dropped has not. */
        boolean hasRun() {
            return lines > 0 && tally.completed() + tally.failed() == total;
        }

        /** How many results there are. */
        public int results() {
            return segments.stream().mapToInt(Segment::count).sum();
        }
    }

    /**
     * A stretch of results, an object of its own.
     *
     * @param name of the object
     */
    public record Segment(String name, int count) {}

    /** A batch as it begins. */
    static Batch begun(BatchId id, Account account, Order order, Instant now) {
        return new Batch(
                id,
                account,
                order,
                BatchStatus.VALIDATING,
                Map.of(BatchStatus.VALIDATING, now),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Feed.NONE);
    }

    /** Has the status from now on. */
    Batch enter(BatchStatus next, Instant now) {
        Map<BatchStatus, Instant> times = new EnumMap<>(BatchStatus.class);
        times.putAll(since);
        times.put(next, now);
        return new Batch(id, account, order, next, times, errors, ending, output, errorFile, feed);
    }

    Batch refused(List<BatchError> why) {
        return new Batch(id, account, order, status, since, why, ending, output, errorFile, feed);
    }

    /** Whether nobody knows its lines any more. */
    boolean hasLostInput() {
        return errors.stream().anyMatch(BatchError::isOfLostInput);
    }

    /** Whether some of its lines have ended, and nobody knows any more how. */
    boolean hasLostResults() {
        return errors.stream().anyMatch(BatchError::isOfLostResults);
    }

    /** It is decided what it comes to, and which files are written. */
    Batch ending(BatchStatus end, Optional<FileId> answers, Optional<FileId> failures) {
        return new Batch(id, account, order, status, since, errors, Optional.of(end), answers, failures, feed);
    }

    Batch with(Feed next) {
        return new Batch(id, account, order, status, since, errors, ending, output, errorFile, next);
    }

    /** When its owner asked for it. */
    public Instant createdAt() {
        return Objects.requireNonNull(since.get(BatchStatus.VALIDATING), "every batch begins so");
    }

    /** When it ended; empty while it has not. */
    public Optional<Instant> endedAt() {
        return status.isFinal() ? Optional.ofNullable(since.get(status)) : Optional.empty();
    }
}
