package dev.thunderhead.standalone;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.backing.PortTakenException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.Frontend;
import dev.thunderhead.frontend.FrontendConfig;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.render.WorkerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Everything in one JVM: broker, store, one worker and one frontend, each started as its own process would start it, from
 * settings of the same form. The launcher and the tests build it here. Thread-safe.
 */
final class AllInOne implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Resources resources;
    private final Frontend frontend;
    private final RenderWorker worker;
    private final String key;

    private AllInOne(Resources resources, Frontend frontend, RenderWorker worker, String key) {
        this.resources = resources;
        this.frontend = frontend;
        this.worker = worker;
        this.key = key;
    }

    /**
     * Starts all parts at the same time, and returns when a request would be answered.
     *
     * @throws PortTakenException when the API's port is taken; nothing has been started then
     * @throws IOException when a part does not start; all others are closed then
     */
    static AllInOne start(Settings settings, Progress progress) throws IOException, InterruptedException {
        Resources resources = new Resources();
        try {
            requireFree(settings.port());
            AllInOne all = start(settings, progress, resources);
            all.awaitReady();
            progress.finish();
            return all;
        } catch (IOException | InterruptedException | RuntimeException problem) {
            try {
                resources.close();
            } catch (IOException later) {
                problem.addSuppressed(later);
            }
            throw problem;
        }
    }

    private static AllInOne start(Settings settings, Progress progress, Resources resources)
            throws IOException, InterruptedException {
        DataFolder data = settings.data();
        resources.add(data.lockKafka());
        resources.add(data.lockS3());
        String key = LocalKey.of(data);
        StoreAccess access = StoreAccess.of(data);
        Starting<LocalStore> store = resources.add(Starting.begin(
                "store",
                () -> progress.timed(
                        "store", () -> LocalStore.start(data.s3(), 0, access.credentials(), StoreAccess.BUCKET))));
        // Its address is known at once, and clients that come too early wait for their answers.
        LocalBroker broker = resources.add(LocalBroker.bind(data.kafka(), 0));
        Starting<AutoCloseable> brokerStart = resources.add(Starting.begin(
                "broker",
                () -> progress.timed("broker", () -> {
                    broker.start();
                    return () -> {};
                })));
        ServiceEnvironment environment =
                ServiceEnvironment.of(settings, broker.bootstrap(), access.environment(store.await()));
        Starting<RenderWorker> worker = resources.add(Starting.begin(
                "worker", () -> progress.timed("worker", () -> worker(environment.worker()))));
        Starting<Frontend> frontend = resources.add(Starting.begin(
                "frontend",
                () -> progress.timed(
                        "frontend",
                        () -> Frontend.start(Environment.read(environment.frontend(), FrontendConfig::from)))));
        brokerStart.await();
        return new AllInOne(resources, frontend.await(), worker.await(), key);
    }

    private static RenderWorker worker(Map<String, String> environment) throws IOException {
        record Worker(WorkerConfig config, ModelSettings models) {}
        Worker worker = Environment.read(
                environment, settings -> new Worker(WorkerConfig.from(settings), ModelSettings.from(settings)));
        return RenderWorker.start(worker.config(), worker.models()::open);
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
    URI url() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + frontend.port());
    }

    /** A key that the API takes; the same for as long as the data folder stands. */
    String key() {
        return key;
    }

    /** Drains and stops everything, the frontend first and the broker last. A second call does nothing. */
    @Override
    public void close() throws IOException {
        resources.close();
    }
}
