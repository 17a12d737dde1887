package dev.thunderhead.standalone;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.backing.PortTakenException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.Frontend;
import dev.thunderhead.frontend.FrontendConfig;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.render.WorkerConfig;
import dev.thunderhead.render.work.Studio;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Everything in one JVM: broker, store, one worker and one frontend, each started as its own process would start it, from
 * settings of the same form. The launcher, the tests and the benches build it here. Thread-safe.
 */
public final class AllInOne implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Closer parts;
    private final Frontend frontend;
    private final RenderWorker worker;
    private final String key;

    private AllInOne(Closer parts, Frontend frontend, RenderWorker worker, String key) {
        this.parts = parts;
        this.frontend = frontend;
        this.worker = worker;
        this.key = key;
    }

    /**
     * Starts all parts at the same time, and returns when a request would be answered.
     *
     * @throws PortTakenException when the API's port is taken, which is nearly always seen before anything is started
     * @throws IOException when a part does not start; all others are closed then
     * @throws InterruptedException when interrupted meanwhile; everything is closed then
     */
    static AllInOne start(Settings settings, Progress progress) throws IOException, InterruptedException {
        return start(settings, progress, ModelSettings::open);
    }

    /**
     * Starts everything with painters of the caller's own, on free ports.
     *
     * @param data where its state lies
     * @param model a model directory, or a lone descriptor: what the API is to offer
     * @param studio opens the painters
     */
    public static AllInOne start(Path data, Path model, Callable<Studio> studio)
            throws IOException, InterruptedException {
        Settings settings = new Settings(new DataFolder(data), 0, model.toString(), Optional.empty());
        return start(settings, Progress.onConsole(), models -> studio.call());
    }

    private static AllInOne start(Settings settings, Progress progress, Studios studios)
            throws IOException, InterruptedException {
        Closer parts = new Closer();
        try {
            requireFree(settings.port());
            AllInOne all = start(settings, progress, studios, parts);
            all.awaitReady();
            progress.finish();
            return all;
        } catch (IOException | InterruptedException | RuntimeException problem) {
            parts.closeAfter(problem);
            throw problem;
        }
    }

    /** Opens what the worker paints with. */
    @FunctionalInterface
    private interface Studios {
        Studio open(ModelSettings models) throws Exception;
    }

    private static AllInOne start(Settings settings, Progress progress, Studios studios, Closer parts)
            throws IOException, InterruptedException {
        DataFolder data = settings.data();
        parts.add(data.lockKafka());
        parts.add(data.lockS3());
        String key = LocalKey.of(data);
        StoreAccess access = StoreAccess.of(data);
        Starting<LocalStore> store = parts.add(Starting.begin(
                "store",
                () -> progress.timed(
                        "store", () -> LocalStore.start(data.s3(), 0, access.credentials(), StoreAccess.BUCKET))));
        // Its address is known at once, and clients that come too early wait for their answers.
        LocalBroker broker = parts.add(LocalBroker.bind(data.kafka(), 0));
        Starting<AutoCloseable> brokerStart = parts.add(Starting.begin(
                "broker",
                () -> progress.timed("broker", () -> {
                    broker.start();
                    return () -> {};
                })));
        ServiceEnvironment environment =
                ServiceEnvironment.of(settings, broker.bootstrap(), access.environment(store.await()));
        Starting<RenderWorker> worker = parts.add(Starting.begin(
                "worker", () -> progress.timed("worker", () -> worker(environment.worker(), studios))));
        Starting<Frontend> frontend = parts.add(Starting.begin(
                "frontend",
                () -> progress.timed(
                        "frontend",
                        () -> Frontend.start(Environment.read(environment.frontend(), FrontendConfig::from)))));
        brokerStart.await();
        return new AllInOne(parts, awaitFrontend(frontend, settings.port()), worker.await(), key);
    }

    private static RenderWorker worker(Map<String, String> environment, Studios studios) throws IOException {
        record Worker(WorkerConfig config, ModelSettings models) {}
        Worker worker = Environment.read(
                environment, settings -> new Worker(WorkerConfig.from(settings), ModelSettings.from(settings)));
        return RenderWorker.start(worker.config(), () -> studios.open(worker.models()));
    }

    /** Its port was free a moment ago, but somebody else may have been faster. */
    private static Frontend awaitFrontend(Starting<Frontend> frontend, int port)
            throws IOException, InterruptedException {
        try {
            return frontend.await();
        } catch (IOException problem) {
            if (causes(problem).anyMatch(BindException.class::isInstance)) {
                throw new PortTakenException(port, problem);
            }
            throw problem;
        }
    }

    private static Stream<Throwable> causes(Throwable problem) {
        return Stream.iterate(problem, Objects::nonNull, Throwable::getCause);
    }

    private static void requireFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.getLocalPort();
        } catch (BindException problem) {
            throw new PortTakenException(port, problem);
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (Readiness part : new Readiness[] {worker.readiness(), frontend.readiness()}) {
            while (!part.isReady()) {
                if (!part.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IOException("did not get ready: " + part.problems());
                }
                Thread.sleep(LOOK.toMillis());
            }
        }
    }

    /** Where the API answers, without a slash at its end. */
    public URI url() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + frontend.port());
    }

    /** A key that the API takes; the same for as long as the data folder stands. */
    public String key() {
        return key;
    }

    /** A client of the API, with that key. */
    public PictureClient client() {
        return new PictureClient(url(), key);
    }

    /** Drains and stops everything, the frontend first and the broker last. A second call does nothing. */
    @Override
    public void close() throws IOException {
        parts.close();
    }
}
