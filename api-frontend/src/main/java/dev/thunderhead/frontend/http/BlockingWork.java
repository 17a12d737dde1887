package dev.thunderhead.frontend.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
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
        Promise<T> promise = Promise.promise();
        try {
            threads.execute(() -> complete(context, promise, work));
        } catch (RejectedExecutionException problem) {
            return Future.failedFuture(problem);
        }
        return promise.future();
    }

    private static <T> void complete(Context context, Promise<T> promise, Callable<T> work) {
        try {
            T result = work.call();
            context.runOnContext(back -> promise.complete(result));
        } catch (Exception problem) {
            context.runOnContext(back -> promise.fail(problem));
        }
    }
}
