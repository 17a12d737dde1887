package dev.thunderhead.backing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.concurrent.TimeoutException;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 server in this JVM, reachable on the loopback interface only: path-style addresses, signature version 4, one file
 * per object, metadata in the files' extended attributes. Conditional writes are atomic. The folder outlives the server,
 * also when the port changes in between.
 *
 * <p>Since objects are files, no key may continue another one after a slash: not both {@code a} and {@code a/b}.
 *
 * <p>Thread-safe: all fields are final, and {@link #close} may be called from any thread.
 */
public final class LocalStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();
    private static final int THREADS = 32;
    private static final long STOP_MILLIS = 250;

    private final S3Proxy server;

    private LocalStore(S3Proxy server) {
        this.server = server;
    }

    /**
     * What a client signs its requests with.
     *
     * @param accessKey 3 characters or more
     * @param secretKey 8 characters or more
     */
    public record Credentials(String accessKey, String secretKey) {
        public Credentials {
            if (accessKey.length() < 3 || secretKey.length() < 8) {
                throw new IllegalArgumentException(
                        "an access key has 3 characters or more, and a secret key 8 or more");
            }
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Credentials[accessKey=" + accessKey + "]";
        }
    }

    /**
     * Starts a server, makes the bucket when it is missing, and returns when requests are answered.
     *
     * @param data its folder, made when missing; one server at a time may use it
     * @param port 0 for a free one
     * @throws PortTakenException when another process listens on the port
     * @throws IOException when the folder cannot be used, for example since its file system keeps no extended attributes
     */
    public static LocalStore start(Path data, int port, Credentials credentials, String bucket) throws IOException {
        Files.createDirectories(data);
        requireAttributes(data);
        // With a relative folder it would store, but list nothing.
        FilesystemNio2BlobStore files =
                new FilesystemNio2BlobStore(data.toAbsolutePath().normalize().toString());
        if (!files.containerExists(bucket)) {
            files.createContainer(bucket);
        }
        S3Proxy server = S3Proxy.builder()
                .blobStore(new AtomicBlobStore(files))
                .endpoint(URI.create("http://" + HOST + ":" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, credentials.accessKey(), credentials.secretKey())
                .ignoreUnknownHeaders(true)
                .jettyMaxThreads(THREADS)
                .stopTimeout(STOP_MILLIS)
                .build();
        LocalStore store = new LocalStore(server);
        try {
            server.start();
        } catch (Exception problem) {
            IOException known = problem.getCause() instanceof BindException
                    ? new PortTakenException(port, problem)
                    : new IOException(data + ": the store did not start: " + problem.getMessage(), problem);
            try {
                store.close();
            } catch (RuntimeException later) {
                known.addSuppressed(later);
            }
            throw known;
        }
        LOG.info("event=store_started endpoint={} data={}", store.endpoint(), data);
        return store;
    }

    /** The address for clients, {@code http://host:port}, without a slash at its end. */
    public String endpoint() {
        return "http://" + HOST + ":" + server.getPort();
    }

    /** Lets requests in flight finish for a quarter of a second, then stops. A second call does nothing. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException cutOff) {
            // It has stopped all the same; connections that clients keep open for reuse count as in flight.
            LOG.debug("event=store_connections_cut_off");
        } catch (Exception problem) {
            throw new IllegalStateException("the store did not stop: " + problem.getMessage(), problem);
        }
    }

    /** Fails early where objects would silently lose their metadata. */
    private static void requireAttributes(Path data) throws IOException {
        Path probe = Files.createTempFile(data, "probe", "");
        try {
            Files.getFileAttributeView(probe, UserDefinedFileAttributeView.class)
                    .write("probe", ByteBuffer.wrap("x".getBytes(UTF_8)));
        } catch (IOException | UnsupportedOperationException | NullPointerException problem) {
            throw new IOException(
                    data
                            + ": its file system keeps no extended attributes, where the store puts metadata; choose another"
                            + " folder",
                    problem);
        } finally {
            Files.delete(probe);
        }
    }
}
