package dev.thunderhead.frontend.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Does what waits for Kafka or the store on threads of its own, and comes back to the event loop. Thread-safe. */
public final class BlockingWork {
    private final Executor threads;

    public BlockingWork(Executor threads) {
        this.threads = threads;
    }

    /** Calls on one of the threads; the future completes on the context's event loop. */
    <T> Future<T> call(Context context, Callable<T> work) {
        return begin(context, () -> CompletableFuture.completedFuture(work.call()));
    }

    /**
     * Calls on one of the threads, which is free again when the work has begun something; the future completes on the
     * context's event loop with what comes of that. The event loop is not troubled in between.
     */
    <T> Future<T> begin(Context context, Callable<CompletableFuture<T>> work) {
        Promise<T> promise = Promise.promise();
        try {
            threads.execute(() -> begin(context, promise, work));
        } catch (RejectedExecutionException problem) {
            return Future.failedFuture(problem);
        }
        return promise.future();
    }

    private static <T> void begin(Context context, Promise<T> promise, Callable<CompletableFuture<T>> work) {
        try {
            CompletableFuture<?> unused = work.call()
                    .whenComplete((result, problem) -> context.runOnContext(back -> {
                        if (problem == null) {
                            promise.complete(result);
                        } else {
                            promise.fail(problem);
                        }
                    }));
        } catch (Exception problem) {
            context.runOnContext(back -> promise.fail(problem));
        }
    }
}
