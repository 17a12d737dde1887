package dev.thunderhead.bench;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.lifecycle.Closer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A broker and a store in this process, new and empty, and frontends in processes of their own, as production starts
 * them. No worker: benches tell themselves how tasks end. Thread-safe.
 */
final class Deployment implements AutoCloseable {
    static final Account ACCOUNT = new Account("bench");
    /** Signs media addresses. */
    static final String SECRET = "the bench has no pictures to protect";

    static final int PARTITIONS = 4;

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

    private Deployment(Path folder) throws IOException {
        this.folder = folder;
        this.broker = parts.add(LocalBroker.start(folder.resolve("kafka"), 0));
        this.store = parts.add(LocalStore.start(folder.resolve("s3"), 0, CREDENTIALS, BUCKET));
        this.key = new KeysFile(keys()).add(ACCOUNT, UNLIMITED).text();
    }

    static Deployment start() throws IOException {
        return new Deployment(Files.createTempDirectory("bench"));
    }

    private Path keys() {
        return folder.resolve("keys.json");
    }

    /** Clients with the services' own properties. */
    KafkaConnection kafka() {
        return new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), PARTITIONS, 1));
    }

    /** An API key without limits worth the name. */
    String key() {
        return key;
    }

    /** A frontend that is ready. */
    record Frontend(ServiceProcess process, int port, URI management) {}

    /**
     * Starts a frontend, and waits until it is ready.
     *
     * @param flags of its virtual machine
     */
    Frontend frontend(String... flags) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.addAll(List.of("-jar", "api-frontend/target/api-frontend.jar"));
        ServiceProcess process = parts.add(ServiceProcess.start(folder, environment(), arguments));
        MatchResult ports = process.awaitLine(STARTED);
        URI management = URI.create("http://127.0.0.1:" + ports.group(2));
        for (int look = 0; get(management.resolve("/readyz")).statusCode() != 200; look++) {
            pause(look, "the frontend does not get ready");
        }
        return new Frontend(process, Integer.parseInt(ports.group(1)), management);
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("THUNDERHEAD_HOST", "127.0.0.1"),
                Map.entry("THUNDERHEAD_PORT", "0"),
                Map.entry("THUNDERHEAD_MANAGEMENT_PORT", "0"),
                Map.entry("THUNDERHEAD_MODELS", BenchModel.TINY.toString()),
                Map.entry("THUNDERHEAD_KAFKA", broker.bootstrap()),
                Map.entry("THUNDERHEAD_KAFKA_PARTITIONS", Integer.toString(PARTITIONS)),
                Map.entry("THUNDERHEAD_S3_ENDPOINT", store.endpoint()),
                Map.entry("THUNDERHEAD_S3_BUCKET", BUCKET),
                Map.entry("THUNDERHEAD_S3_ACCESS_KEY", CREDENTIALS.accessKey()),
                Map.entry("THUNDERHEAD_S3_SECRET_KEY", CREDENTIALS.secretKey()),
                Map.entry("THUNDERHEAD_KEYS_FILE", keys().toString()),
                Map.entry("THUNDERHEAD_MEDIA_SECRET", SECRET));
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
