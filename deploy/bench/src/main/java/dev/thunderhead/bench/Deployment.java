package dev.thunderhead.bench;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.render.WorkerConfig;
import dev.thunderhead.render.pipeline.Painter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A broker and a store in this process, new and empty, frontends in processes of their own, as production starts them,
 * and a worker in this one if a bench has a painter for it; others tell themselves how tasks end. Thread-safe.
 */
final class Deployment implements AutoCloseable {
    static final Account ACCOUNT = new Account("bench");
    /** Signs media addresses. */
    static final String SECRET = "the bench has no pictures to protect";

    static final int PARTITIONS = 4;
    /** For one worker: of several partitions each of its claims would see some. */
    static final int ONE_PARTITION = 1;

    private static final LocalStore.Credentials CREDENTIALS = new LocalStore.Credentials("bench", "bench-secret");
    private static final String BUCKET = "bench";
    private static final Limits UNLIMITED = new Limits(1_000_000, 100_000, 1_000_000);
    private static final Pattern STARTED = Pattern.compile("event=frontend_started port=(\\d+) management_port=(\\d+)");
    private static final Pattern AWAITED = Pattern.compile("(?m)^thunderhead_jobs_awaited ([0-9.]+)");
    private static final int LOOKS = 600;
    private static final int LOOK_MILLIS = 100;

    private final Closer parts = new Closer();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final LocalBroker broker;
    private final LocalStore store;
    private final String key;
    private final int partitions;

    private Deployment(Path folder, int partitions) throws IOException {
        this.folder = folder;
        this.partitions = partitions;
        this.broker = parts.add(LocalBroker.start(folder.resolve("kafka"), 0));
        this.store = parts.add(LocalStore.start(folder.resolve("s3"), 0, CREDENTIALS, BUCKET));
        this.key = key(ACCOUNT);
    }

    static Deployment start() throws IOException {
        return start(PARTITIONS);
    }

    /** With so many partitions a topic. */
    static Deployment start(int partitions) throws IOException {
        return new Deployment(BenchFolder.create(), partitions);
    }

    /** A key of another account; frontends that are started afterwards know it. */
    String key(Account account) throws IOException {
        return new KeysFile(keys()).add(account, UNLIMITED).text();
    }

    private Path keys() {
        return folder.resolve("keys.json");
    }

    /** Clients with the services' own properties. */
    KafkaConnection kafka() {
        return new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), partitions, 1));
    }

    /** An API key without limits worth the name. */
    String key() {
        return key;
    }

    /** A frontend that is ready. */
    record Frontend(ServiceProcess process, int port, URI management) {
        /** Where its API is. */
        URI api() {
            return URI.create("http://127.0.0.1:" + port);
        }
    }

    /**
     * Starts a frontend, and waits until it is ready.
     *
     * @param flags of its virtual machine
     */
    Frontend frontend(String... flags) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.addAll(List.of("-jar", "api-frontend/target/api-frontend.jar"));
        ServiceProcess process = parts.add(ServiceProcess.start(folder, frontendEnvironment(), arguments));
        MatchResult ports = process.awaitLine(STARTED);
        URI management = URI.create("http://127.0.0.1:" + ports.group(2));
        for (int look = 0; get(management.resolve("/readyz")).statusCode() != 200; look++) {
            pause(look, "the frontend does not get ready");
        }
        return new Frontend(process, Integer.parseInt(ports.group(1)), management);
    }

    /** Starts a worker in this process that paints with that, and waits until it is ready. */
    RenderWorker worker(Painter painter) throws IOException, InterruptedException {
        RenderWorker worker = parts.add(RenderWorker.start(
                Environment.read(environment(), WorkerConfig::from), () -> BenchModel.studio(painter)));
        for (int look = 0; !worker.readiness().isReady(); look++) {
            pause(look, "the worker does not get ready: " + worker.readiness().problems());
        }
        return worker;
    }

    private Map<String, String> frontendEnvironment() {
        Map<String, String> environment = environment();
        environment.put("THUNDERHEAD_PORT", "0");
        environment.put("THUNDERHEAD_MODELS", BenchModel.TINY.toString());
        environment.put("THUNDERHEAD_KEYS_FILE", keys().toString());
        environment.put("THUNDERHEAD_MEDIA_SECRET", SECRET);
        return environment;
    }

    /** What every service has to know. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("THUNDERHEAD_HOST", "127.0.0.1");
        environment.put("THUNDERHEAD_MANAGEMENT_PORT", "0");
        environment.put("THUNDERHEAD_KAFKA", broker.bootstrap());
        environment.put("THUNDERHEAD_KAFKA_PARTITIONS", Integer.toString(partitions));
        environment.put("THUNDERHEAD_S3_ENDPOINT", store.endpoint());
        environment.put("THUNDERHEAD_S3_BUCKET", BUCKET);
        environment.put("THUNDERHEAD_S3_ACCESS_KEY", CREDENTIALS.accessKey());
        environment.put("THUNDERHEAD_S3_SECRET_KEY", CREDENTIALS.secretKey());
        return environment;
    }

    /** Another program of the bench in a process of its own. */
    ServiceProcess program(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "-Dlogback.configurationFile=deploy/bench/logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return parts.add(ServiceProcess.start(folder, Map.of(), command));
    }

    /** Waits until that many jobs are waited for at the frontend. */
    void awaitWaiting(Frontend frontend, int jobs) throws IOException, InterruptedException {
        for (int look = 0; waiting(frontend) < jobs; look++) {
            pause(look, "only " + waiting(frontend) + " of " + jobs + " polls wait");
        }
    }

    private int waiting(Frontend frontend) throws IOException, InterruptedException {
        return AWAITED.matcher(get(frontend.management().resolve("/metrics")).body())
                .results()
                .mapToInt(gauge -> (int) Double.parseDouble(gauge.group(1)))
                .sum();
    }

    private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void pause(int look, String problem) throws IOException, InterruptedException {
        if (look == LOOKS) {
            throw new IOException(problem);
        }
        Thread.sleep(LOOK_MILLIS);
    }

    /** Stops everything, the broker last. */
    @Override
    public void close() throws IOException {
        parts.close();
    }
}
