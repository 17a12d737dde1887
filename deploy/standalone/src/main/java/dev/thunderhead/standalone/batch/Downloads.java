package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Downloads pictures, a few at a time. It knows no API key, and so gives none to the stores to which the addresses lead. A
 * file that is there is whole, and is left alone. Thread-safe.
 */
final class Downloads implements AutoCloseable {
    private static final int PARALLEL = 6;
    /** Rows that are taken before the first of them is done; whoever brings more waits. */
    private static final int QUEUED = 4 * PARALLEL;

    private static final Duration ANSWER = Duration.ofMinutes(2);
    /** How long what is being written may take to be given up. */
    private static final Duration STOP = Duration.ofSeconds(10);

    private static final int OK = 200;

    private final ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
    private final Semaphore room = new Semaphore(QUEUED);
    private final Map<Integer, String> missing = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable IOException> fatal = new AtomicReference<>();
    /** Hosts that gave no answer, or none but "later", for as long as the patience lasts: no other picture waits so long. */
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    private final Calls calls;

    /**
     * Starts its threads.
     *
     * @param trouble told, by any thread, of the first answer that does not come, while it is still waited for
     */
    Downloads(Patience patience, Consumer<String> trouble) {
        AtomicBoolean told = new AtomicBoolean();
        this.calls = new Calls(HttpClient.Redirect.NORMAL, patience, problem -> {
            if (!told.getAndSet(true)) {
                trouble.accept("pictures cannot be downloaded (" + problem.getMessage()
                        + "); trying on. If their addresses are wrong, the server needs THUNDERHEAD_PUBLIC_URL");
            }
        });
    }

    /**
     * Takes the pictures of a row, and waits while there is no room for it.
     *
     * @param files they and where they go
     * @param saved called, by any thread, when all of them are there
     * @throws IOException when an earlier one could not be written
     */
    void add(int row, Map<Path, LineResult.Picture> files, Runnable saved) throws IOException, InterruptedException {
        throwFatal();
        room.acquire();
        threads.execute(() -> {
            try {
                save(row, files, saved);
            } finally {
                room.release();
            }
        });
    }

    private void save(int row, Map<Path, LineResult.Picture> files, Runnable saved) {
        try {
            for (Map.Entry<Path, LineResult.Picture> file : files.entrySet()) {
                if (!Files.exists(file.getKey())) {
                    Optional<byte[]> picture = fetch(row, file.getValue());
                    if (picture.isEmpty()) {
                        return;
                    }
                    CampaignFolder.replace(
                            file.getKey(), place -> Files.write(place, picture.get(), StandardOpenOption.CREATE_NEW));
                }
            }
            missing.remove(row);
            saved.run();
        } catch (IOException problem) {
            fatal.compareAndSet(null, problem);
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty when it could not be had; why is noted then. */
    private Optional<byte[]> fetch(int row, LineResult.Picture picture) throws InterruptedException {
        Optional<URI> address = picture.address();
        if (address.isEmpty()) {
            missing.put(row, "this is no address: '" + picture.url() + "'");
            return Optional.empty();
        }
        HttpRequest request =
                HttpRequest.newBuilder(address.get()).timeout(ANSWER).build();
        String host = address.get().getAuthority();
        try {
            HttpResponse<byte[]> response = givenUp.contains(host) ? calls.once(request) : calls.repeated(request);
            if (Calls.isPassing(response.statusCode())) {
                givenUp.add(host);
            } else {
                givenUp.remove(host);
            }
            if (response.statusCode() == OK && response.body().length > 0) {
                return Optional.of(response.body());
            }
            missing.put(row, "its address answered with HTTP status " + response.statusCode());
        } catch (IOException problem) {
            givenUp.add(host);
            missing.put(row, String.valueOf(problem.getMessage()));
        }
        return Optional.empty();
    }

    /** Waits for all that were added. */
    void await() throws IOException, InterruptedException {
        room.acquire(QUEUED);
        room.release(QUEUED);
        throwFatal();
    }

    /** The rows of which a picture could not be had, in order, and why. */
    Map<Integer, String> missing() {
        return missing;
    }

    private void throwFatal() throws IOException {
        IOException problem = fatal.get();
        if (problem != null) {
            throw problem;
        }
    }

    /** Gives up what is not done, and waits until nothing is written any more. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
        }
    }
}
