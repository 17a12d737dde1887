package dev.thunderhead.bench;

import dev.thunderhead.job.JobId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks a server for jobs. What gives a Vert.x future belongs to its one event loop, and all else to any other thread.
 */
final class JobClient implements AutoCloseable {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final HttpClient http;
    private final String authorization;
    private final Buffer body = BenchTasks.body();

    /** @param connections how many requests may be in flight at most */
    JobClient(int port, String key, int connections) {
        this.authorization = "Bearer " + key;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    /** What is done on the event loop. */
    @FunctionalInterface
    interface Work<T> {
        Future<T> begin(Vertx vertx);
    }

    /** Does something on the event loop. */
    <T> CompletableFuture<T> begin(Work<T> work) {
        CompletableFuture<T> end = new CompletableFuture<>();
        loop.runOnContext(begin -> work.begin(vertx).onComplete(end::complete, end::completeExceptionally));
        return end;
    }

    /** Waits for what has been begun. */
    static <T> T await(CompletableFuture<T> begun) throws IOException, InterruptedException {
        try {
            return begun.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            throw new IOException("the load could not be borne: " + problem, problem);
        }
    }

    /** Submits a job; fails when it is not accepted. */
    Future<Buffer> submit() {
        return http.request(HttpMethod.POST, "/v1/jobs").compose(request -> {
            request.putHeader("content-type", "application/json");
            return answer(request, body, ACCEPTED);
        });
    }

    private Future<Buffer> answer(HttpClientRequest request, Buffer content, int status) {
        request.putHeader("authorization", authorization);
        return request.send(content)
                .compose(response -> response.body()
                        .compose(answer -> response.statusCode() == status
                                ? Future.succeededFuture(answer)
                                : Future.failedFuture(response.statusCode() + ": " + answer)));
    }

    /** Submits a job, and tells its id. */
    Future<JobId> job() {
        return submit().map(answer -> new JobId(answer.toJsonObject().getString("id")));
    }

    /** Waits for the job for a minute, the longest that may be asked for; fails when it has not been completed by then. */
    Future<Void> poll(JobId job) {
        return http.request(HttpMethod.GET, "/v1/jobs/" + job + "?wait=60")
                .compose(request -> answer(request, Buffer.buffer(), OK))
                .compose(answer -> answer.toJsonObject().getString("status").equals("completed")
                        ? Future.succeededFuture()
                        : Future.failedFuture("not completed: " + answer));
    }

    /** Jobs a second that are accepted, with so many requests in flight all the time: a closed loop. */
    double sustained(int inFlight, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        int[] accepted = new int[1];
        await(begin(vertx -> always(
                inFlight,
                () -> System.nanoTime() < end,
                () -> submit().onSuccess(answer -> accepted[0] += System.nanoTime() < end ? 1 : 0))));
        return accepted[0] * 1e9 / time.toNanos();
    }

    /** Submits so many jobs, or as many as it can in that time. */
    void submit(int inFlight, int count, Duration most) throws IOException, InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        BooleanSupplier left = countdown(count);
        await(begin(vertx -> always(inFlight, () -> left.getAsBoolean() && System.nanoTime() < end, this::submit)));
    }

    /** The ids of so many new jobs. */
    List<JobId> jobs(int inFlight, int count) throws IOException, InterruptedException {
        List<JobId> ids = new ArrayList<>();
        await(begin(vertx -> always(inFlight, countdown(count), () -> job().onSuccess(ids::add))));
        return ids;
    }

    private static BooleanSupplier countdown(int count) {
        int[] left = {count};
        return () -> left[0]-- > 0;
    }

    /** Begins work until there is no more, so much at the same time; completes when all of it has ended. */
    private static Future<Void> always(int atOnce, BooleanSupplier more, Supplier<Future<?>> work) {
        List<Future<Void>> chains = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            Promise<Void> end = Promise.promise();
            next(more, work, end);
            chains.add(end.future());
        }
        return Future.all(chains).mapEmpty();
    }

    private static void next(BooleanSupplier more, Supplier<Future<?>> work, Promise<Void> end) {
        if (!more.getAsBoolean()) {
            end.complete();
            return;
        }
        work.get().onComplete(done -> next(more, work, end), end::fail);
    }

    @Override
    public void close() throws IOException {
        try {
            await(vertx.close().toCompletionStage().toCompletableFuture());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
