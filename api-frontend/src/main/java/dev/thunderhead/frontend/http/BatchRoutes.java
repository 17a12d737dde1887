package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.batch.Batch;
import dev.thunderhead.frontend.batch.BatchId;
import dev.thunderhead.frontend.batch.Batching;
import dev.thunderhead.frontend.batch.OutputLine;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.frontend.request.BatchRequest;
import dev.thunderhead.frontend.request.BatchRequest.Window;
import dev.thunderhead.frontend.request.BatchRequestParser;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The endpoints about batches: OpenAI's {@code /v1/batches}, and ours: {@code GET …/results}, the output so far, and
 * {@code POST …/retry_failed}, a new batch of what failed.
 */
final class BatchRoutes {
    /** The variable part of the paths. */
    private static final String ID = "batch";

    private static final String BATCHES = "/v1/batches";
    private static final String ONE = BATCHES + "/:" + ID;

    private final Batching batching;
    private final AccountTurns retries = AccountTurns.few("too_many_retries", "calls of retry_failed");
    private final AccountTurns lists = AccountTurns.few("too_many_lists", "lists of batches");
    private final BatchRequestParser parser = new BatchRequestParser(Batching.ENDPOINT);
    private final IdempotencyKeys keys;
    private final BlockingWork blocking;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param random thread-safe and not to be guessed */
    BatchRoutes(Batching batching, IdempotencyKeys keys, BlockingWork blocking, Clock clock, RandomGenerator random) {
        this.batching = batching;
        this.keys = keys;
        this.blocking = blocking;
        this.clock = clock;
        this.random = random;
    }

    /** Adds the routes; whoever asks there has been authenticated before. */
    void mount(Router router) {
        JsonRoutes routes = new JsonRoutes(router, blocking);
        routes.post(BATCHES, this::create);
        routes.get(BATCHES, question -> lists.take(question.account(), () -> list(question)));
        routes.get(
                ONE,
                question -> BatchAnswer.of(found(batching.batches().find(question.account(), id(question)), question)));
        routes.get(ONE + "/results", this::results);
        routes.post(
                ONE + "/cancel",
                question ->
                        BatchAnswer.of(found(batching.intake().cancel(question.account(), id(question)), question)));
        routes.post(ONE + "/retry_failed", question -> retries.take(question.account(), () -> retryFailed(question)));
    }

    private BatchAnswer create(Question question) throws IOException {
        BatchRequest request = parser.parse(question.body());
        return BatchAnswer.of(once(question, id -> batching.intake().create(question.account(), id, request)));
    }

    private BatchAnswer retryFailed(Question question) throws IOException {
        BatchId failed = id(question);
        Optional<Window> window = parser.parseRetry(question.body());
        return BatchAnswer.of(once(
                question,
                id -> found(batching.intake().retryFailed(question.account(), failed, id, window), question)));
    }

    /** Makes a batch of that id. */
    @FunctionalInterface
    private interface Making {
        Batch make(BatchId id) throws IOException;
    }

    /** Makes a batch under a new id, or under the one that the same request was given before by its idempotency key. */
    private Batch once(Question question, Making making) throws IOException {
        Instant now = clock.instant();
        BatchId fresh = BatchId.create(now, random);
        if (question.idempotencyKey().isEmpty()) {
            return making.make(fresh);
        }
        IdempotencyKey key = question.idempotencyKey().get();
        IdempotencyKeys.Entry entry = keys.claim(
                question.account(), key, new IdempotencyKeys.Entry(question.fingerprint(), fresh.value(), 0, now, now));
        entry.requireSame(question.fingerprint());
        try {
            return making.make(new BatchId(entry.resource()));
        } catch (ApiException refusal) {
            // Nothing was made, so the next try is a first one.
            keys.release(question.account(), key, entry);
            throw refusal;
        }
    }

    private ListPage<BatchAnswer> list(Question question) throws IOException {
        ListQuery query = ListQuery.of(question.query());
        query.requireNewestFirst();
        Optional<BatchId> after = query.after().flatMap(BatchId::parse);
        if (query.after().isPresent() && after.isEmpty()) {
            throw Page.unknownCursor();
        }
        Page<BatchId, Batch> page = batching.batches().list(question.account(), after, query.limit());
        return ListPage.of(
                page.entries().stream().map(BatchAnswer::of).toList(),
                batch -> batch.id().value(),
                page.next().map(BatchId::value));
    }

    private ListPage<OutputLine> results(Question question) throws IOException {
        ListQuery query = ListQuery.of(question.query());
        query.requireOldestFirst();
        BatchId id = id(question);
        Page<String, OutputLine> page = batching.results()
                .page(question.account(), id, query.after(), query.limit())
                .orElseThrow(() -> absent(question));
        return ListPage.of(page.entries(), OutputLine::id, page.next()).begunBehind(query.after());
    }

    private static BatchId id(Question question) {
        return question.part(ID).flatMap(BatchId::parse).orElseThrow(() -> absent(question));
    }

    private static Batch found(Optional<Batch> batch, Question question) {
        return batch.orElseThrow(() -> absent(question));
    }

    // The same for an unknown one and another account's.
    private static ApiException absent(Question question) {
        String name = ApiError.shown(question.part(ID).orElseThrow());
        return ApiError.of(
                        ErrorKind.NOT_FOUND,
                        "batch_not_found",
                        "there is no batch " + name
                                + ": it has expired, or is another account's; GET /v1/batches lists yours")
                .asException();
    }
}
