package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.error.ApiError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the machine's own resolver, and waits no longer than a few seconds: a name server that stays silent would hold the
 * caller much longer. Thread-safe.
 */
public final class SystemNames implements NameResolver, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int MAX_THREADS = 128;

    private final ExecutorService threads =
            new ThreadPoolExecutor(0, MAX_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), SystemNames::thread);

    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "webhook-names");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            // Whoever asks for a name that is being asked for waits for the same answer: one silent name takes one
            // thread.
            return running.computeIfAbsent(host, name -> CompletableFuture.supplyAsync(() -> lookUp(name), threads))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException problem) {
            throw ApiError.unavailable(
                            "name_lookup_busy", "too many names are being looked up; try again shortly", SOON)
                    .asException();
        } catch (ExecutionException problem) {
            throw unknown("the name is unknown", problem);
        } catch (TimeoutException problem) {
            throw unknown("the name servers do not answer", problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw unknown("interrupted", interrupt);
        }
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException problem) {
            throw new CompletionException(problem);
        } finally {
            running.remove(host);
        }
    }

    private static UnknownHostException unknown(String why, Exception cause) {
        UnknownHostException problem = new UnknownHostException(why);
        problem.initCause(cause);
        return problem;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
