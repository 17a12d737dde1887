package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Order;
import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.request.BatchRequest;
import dev.thunderhead.frontend.request.BatchRequest.Window;
import dev.thunderhead.job.Account;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What owners do with batches: begin them, call them off, try again what failed. All verbs block. Thread-safe. */
public final class BatchIntake {
    private static final int MOST_OPEN = 100;

    private final Batches batches;
    private final Files files;
    private final BatchInput input;
    private final Results results;
    private final BatchNotices notices;
    private final Duration retention;
    private final Clock clock;

    /** @param retention how long files are kept of which nothing else was said */
    BatchIntake(
            Batches batches,
            Files files,
            BatchInput input,
            Results results,
            BatchNotices notices,
            Duration retention,
            Clock clock) {
        this.batches = batches;
        this.files = files;
        this.input = input;
        this.results = results;
        this.notices = notices;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * Begins a batch.
     *
     * @param id a new one, or the one that the same request was given before: then that batch is given
     * @throws ApiException when there is no such file, or the account has too many batches open; nothing is begun then
     */
    public Batch create(Account account, BatchId id, BatchRequest request) throws IOException {
        Optional<Batch> earlier = batches.find(account, id);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        FileId file = FileId.parse(request.inputFile()).orElseThrow(() -> noSuchFile(request.inputFile()));
        StoredFile stored = files.find(account, file).orElseThrow(() -> noSuchFile(request.inputFile()));
        if (!stored.purpose().equals(StoredFile.INPUT)) {
            throw ApiError.invalid("input_file_id", "input_file_id must name a file of purpose " + StoredFile.INPUT)
                    .asException();
        }
        requireRoom(account);
        Order order = new Order(
                file,
                request.window().text(),
                clock.instant().plus(request.window().span()),
                request.metadata(),
                request.outputKept().orElse(retention),
                Optional.empty());
        return begin(account, id, order);
    }

    private static ApiException noSuchFile(String name) {
        return ApiError.invalid(
                        "input_file_id", "there is no file " + ApiError.shown(name) + ": upload it to /v1/files first")
                .asException();
    }

    private void requireRoom(Account account) throws IOException {
        if (batches.open(account, MOST_OPEN) >= MOST_OPEN) {
            // That takes longer than any client should try again by itself.
            throw new ApiError(
                            ErrorKind.RATE_LIMIT,
                            "too_many_batches",
                            null,
                            "your account has " + MOST_OPEN + " batches open; wait until one of them has ended",
                            new Retry.Never())
                    .asException();
        }
    }

    private Batch begin(Account account, BatchId id, Order order) throws IOException {
        Batch batch = batches.create(Batch.begun(id, account, order, clock.instant()));
        notices.tell(new Batches.Name(account, id));
        return batch;
    }

    /**
     * Calls a batch off; what is done by then is kept.
     *
     * @return the batch as it stands then; empty when there is none
     * @throws ApiException when it has ended
     */
    public Optional<Batch> cancel(Account account, BatchId id) throws IOException {
        Optional<Batch> batch = batches.update(account, id, this::calledOff);
        batch.filter(found -> found.status() == BatchStatus.CANCELLING)
                .ifPresent(found -> notices.tell(new Batches.Name(account, id)));
        return batch;
    }

    private Batch calledOff(Batch batch) {
        return switch (batch.status()) {
            case VALIDATING, IN_PROGRESS -> batch.enter(BatchStatus.CANCELLING, clock.instant());
            case CANCELLING, CANCELLED -> batch;
            case FINALIZING, COMPLETED, FAILED, EXPIRED ->
                throw conflict(
                        "a batch that is " + batch.status().name().toLowerCase(Locale.ROOT) + " cannot be cancelled");
        };
    }

    private static ApiException conflict(String message) {
        return new ApiError(ErrorKind.CONFLICT, "wrong_batch_status", null, message, new Retry.Never()).asException();
    }

    /**
     * Begins a batch of those lines of another one that have no pictures, or of which nobody knows any more.
     *
     * @param next the id of the new one, as in {@link #create}
     * @param window how long it may take; by default as long as the other one
     * @return empty when there is no such batch
     * @throws ApiException when it has not ended, no line has failed, or its lines are not kept any more
     */
    public Optional<Batch> retryFailed(Account account, BatchId id, BatchId next, Optional<Window> window)
            throws IOException {
        Optional<Batch> found = batches.find(account, id);
        Optional<Batch> earlier = batches.find(account, next);
        return found.isEmpty() || earlier.isPresent() ? earlier : Optional.of(retry(found.get(), next, window));
    }

    private Batch retry(Batch batch, BatchId next, Optional<Window> window) throws IOException {
        if (!batch.status().isFinal()) {
            throw conflict("the batch has not ended yet: wait until it has, or cancel it");
        }
        if (batch.feed().lines() == 0) {
            throw conflict(
                    batch.status() == BatchStatus.FAILED
                            ? "the batch's file was refused, and errors says why: upload a better one and create a batch of it"
                            : "the batch ended before its file was read: create a batch of "
                                    + batch.order().input() + " again");
        }
        if (batch.hasLostInput()) {
            throw linesLost(batch);
        }
        if (batch.feed().total() == batch.feed().tally().completed() && !batch.hasLostResults()) {
            throw conflict("no line of the batch has failed");
        }
        requireRoom(batch.account());
        Batches.Name name = new Batches.Name(batch.account(), batch.id());
        if (!input.isKept(name)) {
            throw Results.expired();
        }
        BitSet failed = failedLines(batch);
        FileId file = new FileId("file-" + next.unique());
        long atMost = (long) failed.cardinality() * LineReader.LONGEST;
        try (InputStream lines = input.open(name, failed)) {
            files.store(
                    file,
                    batch.account(),
                    "retry_of_" + batch.id() + ".jsonl",
                    StoredFile.INPUT,
                    retention,
                    lines,
                    atMost);
        }
        Order order = batch.order();
        Window until = window.orElseGet(
                () -> new Window(order.window(), Duration.between(batch.createdAt(), order.expiresAt())));
        return begin(
                batch.account(),
                next,
                new Order(
                        file,
                        until.text(),
                        clock.instant().plus(until.span()),
                        order.metadata(),
                        order.outputKept(),
                        Optional.of(batch.id())));
    }

    private static ApiException linesLost(Batch batch) {
        return ApiError.of(
                        ErrorKind.NOT_FOUND,
                        "lines_lost",
                        "the lines of the batch were lost: create a batch of its input file again, "
                                + batch.order().input() + ", or of the same lines uploaded anew")
                .asException();
    }

    private BitSet failedLines(Batch batch) throws IOException {
        BitSet failed = batch.hasLostResults() ? batch.feed().done().toBits() : new BitSet();
        for (Segment segment : batch.feed().segments()) {
            Optional<List<LineResult>> found = results.of(batch, segment);
            if (found.isEmpty() && !batch.hasLostResults()) {
                throw Results.expired();
            }
            found.orElse(List.of()).forEach(result -> failed.set(result.line(), !result.isCompleted()));
        }
        return failed;
    }
}
