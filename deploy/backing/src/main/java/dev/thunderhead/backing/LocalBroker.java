package dev.thunderhead.backing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and its KRaft controller in this JVM, reachable on the loopback interface only, without TLS and without
 * authentication. It is composed as {@link KafkaRaftServer} composes them, with one difference: both sockets are bound
 * first, so that a taken port is known before anything starts, and a free port stays ours from the moment it is chosen.
 *
 * <p>The data folder is formatted at the first start and outlives the broker, also when the port changes in between. Like
 * any Kafka broker it leaves flushing to the operating system: what was acknowledged survives {@code kill -9}, but not
 * necessarily a power failure. A fault that Kafka calls fatal (a broken disk) ends the process, as it would end Kafka's.
 *
 * <p>Thread-safe: all fields are final, and {@link #close} may be called from any thread.
 */
public final class LocalBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBroker.class);
    private static final String HOST = BoundSockets.LOOPBACK.getHostAddress();

    private final Path data;
    private final boolean fresh;
    private final BoundSockets sockets;
    private final int port;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private LocalBroker(
            Path data, boolean fresh, BoundSockets sockets, SharedServer shared, ControllerServer controller) {
        this.data = data;
        this.fresh = fresh;
        this.sockets = sockets;
        this.port = sockets.clientsPort();
        this.controller = controller;
        this.broker = new BrokerServer(shared);
    }

    /**
     * Starts a broker, and returns when it takes requests.
     *
     * @param data its folder, made when missing; one broker at a time may use it
     * @param port 0 for a free one
     * @throws PortTakenException when another process listens on the port
     * @throws IOException when the folder cannot be used, for example since another broker uses it
     */
    public static LocalBroker start(Path data, int port) throws IOException {
        LocalBroker broker = bind(data, port);
        broker.start();
        return broker;
    }

    /**
     * The first half of a start: afterwards the address is known and clients may connect, and wait for their answers until
     * {@link #start()}.
     *
     * @throws IOException as {@link #start(Path, int)} does
     */
    public static LocalBroker bind(Path data, int port) throws IOException {
        Files.createDirectories(data);
        BoundSockets sockets = BoundSockets.bind(port);
        try {
            boolean fresh = format(data);
            return compose(data, fresh, sockets);
        } catch (IOException | RuntimeException problem) {
            sockets.close();
            throw failure(data, problem);
        }
    }

    /**
     * The second half of a start. Call it once. It is not cut short by an interrupt, which stays for the caller.
     *
     * @throws IOException when the broker cannot start; it is closed then
     */
    public void start() throws IOException {
        try {
            CompletableFuture.runAsync(this::startParts, part -> new Thread(part, "broker-start").start())
                    .join();
        } catch (CompletionException problem) {
            try {
                close();
            } catch (RuntimeException later) {
                problem.addSuppressed(later);
            }
            throw failure(data, problem.getCause() instanceof RuntimeException cause ? cause : problem);
        }
        LOG.info("event=broker_started address={} data={}", bootstrap(), data);
    }

    /** On a thread that nobody interrupts: Kafka would take that for a broken disk, and end the process. */
    private void startParts() {
        controller.startup();
        broker.startup();
        if (fresh) {
            makeCoordinatorTopics();
        }
    }

    private static IOException failure(Path data, Exception problem) {
        return problem instanceof IOException known
                ? known
                : new IOException(data + ": the broker did not start: " + problem.getMessage(), problem);
    }

    private static LocalBroker compose(Path data, boolean fresh, BoundSockets sockets) {
        int quorumPort = sockets.quorumPort();
        KafkaConfig config = new KafkaConfig(BrokerSettings.of(data, HOST, sockets.clientsPort(), quorumPort), false);
        var folders = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        SharedServer shared = new SharedServer(
                config,
                folders._1(),
                Time.SYSTEM,
                Server.initializeMetrics(
                        config, Time.SYSTEM, folders._1().clusterId().orElseThrow()),
                CompletableFuture.completedFuture(
                        Map.of(BrokerSettings.NODE, new InetSocketAddress(BoundSockets.LOOPBACK, quorumPort))),
                List.of(),
                new StandardFaultHandlerFactory(),
                (listener, address, backlog, receiveBuffer) -> sockets.of(listener));
        ControllerServer controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
        return new LocalBroker(data, fresh, sockets, shared, controller);
    }

    /**
     * Makes the coordinators' own topics as the broker itself would, but before the first group asks: that one would be
     * told to come back later, which costs a share group's first member two seconds.
     */
    private void makeCoordinatorTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(BrokerSettings.coordinatorTopics()).all().get();
        } catch (ExecutionException problem) {
            if (!(problem.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("the coordinators' topics cannot be made", problem.getCause());
            }
        } catch (InterruptedException problem) {
            throw new InterruptException(problem);
        }
    }

    /** The address for clients: {@code host:port}. */
    public String bootstrap() {
        return HOST + ":" + port;
    }

    /** Stops the broker, then its controller; returns when both have stopped. A second call does nothing. */
    @Override
    public void close() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
        sockets.close();
    }

    /** Returns whether there was something to do: false for a folder that has been formatted before. */
    private static boolean format(Path data) throws IOException {
        if (Files.exists(data.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return false;
        }
        try {
            new Formatter()
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(BrokerSettings.QUORUM)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setUnstableFeatureVersionsEnabled(false)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
                    .run();
            return true;
        } catch (IOException | RuntimeException problem) {
            throw problem;
        } catch (Exception problem) {
            throw new IOException(data + ": cannot be formatted for Kafka: " + problem.getMessage(), problem);
        }
    }
}
