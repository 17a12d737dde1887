package dev.thunderhead.frontend;

import static dev.thunderhead.frontend.UploadForm.BOUNDARY;
import static dev.thunderhead.frontend.UploadForm.END;
import static dev.thunderhead.frontend.UploadForm.LINE;
import static dev.thunderhead.frontend.UploadForm.PURPOSE;
import static dev.thunderhead.frontend.UploadForm.filePart;
import static dev.thunderhead.frontend.UploadForm.listed;
import static dev.thunderhead.frontend.UploadForm.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.account.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads of clients that are slow, hang up or have no key, through the real API and store. */
@Timeout(120)
class SlowUploadsIT {
    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS);
    }

    @AfterAll
    static void stop() throws Exception {
        frontend.close();
        backing.close();
    }

    private static Client account(String name) throws Exception {
        String key = backing.newKey(frontend, name, new Limits(10_000, 100)).text();
        return new Client(URI.create("http://127.0.0.1:" + frontend.port()), key);
    }

    /** A client that sends the head of an upload and goes on when it is told to. */
    private static final class Sender implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), frontend.port());

        Sender(String key, int length) throws IOException {
            socket.setSoTimeout(60_000);
            send("POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + key
                    + "\r\ncontent-type: multipart/form-data; boundary=" + BOUNDARY + "\r\ncontent-length: " + length
                    + "\r\n\r\n");
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        String answer() throws IOException {
            byte[] begin = new byte[1_000];
            int count = socket.getInputStream().read(begin);
            return new String(begin, 0, Math.max(0, count), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void anUploadThatBreaksOffLeavesNothingAndItsTurnIsFreeAgain() throws Exception {
        String key = backing.newKey(frontend, "broken", new Limits(10_000, 100)).text();
        Client own = new Client(URI.create("http://127.0.0.1:" + frontend.port()), key);
        for (int i = 0; i < 18; i++) {
            try (Sender sender = new Sender(key, 40 << 20)) {
                // Some longer than what goes to the store in one piece.
                sender.send(
                        PURPOSE + filePart("x".repeat(i < 2 ? 8 << 20 : 100)).stripTrailing());
            }
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                post(own, PURPOSE + filePart(LINE) + END).status())
                        .isEqualTo(200));
        assertThat(listed(own)).hasSize(1);
        assertThat(backing.store.list("files/content/broken/")).hasSize(1);
    }

    @Test
    void anAccountUploadsSixteenFilesAtATime() throws Exception {
        String key = backing.newKey(frontend, "many", new Limits(10_000, 100)).text();
        Client own = new Client(URI.create("http://127.0.0.1:" + frontend.port()), key);
        String begin = PURPOSE + filePart("begin").stripTrailing();
        String rest = "rest\r\n" + END;
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Sender sender = new Sender(key, begin.length() + rest.length());
            sender.send(begin);
            senders.add(sender);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> backing.store.list("files/expiry/").stream()
                                .filter(note -> note.contains("/many/"))
                                .count()
                        == 16);
        Client.Answer refused = post(own, PURPOSE + filePart(LINE) + END);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().get("code").asText()).isEqualTo("too_many_uploads");
        assertThat(post(account("another"), PURPOSE + filePart(LINE) + END).status())
                .isEqualTo(200);
        for (Sender sender : senders) {
            sender.send(rest);
            assertThat(sender.answer()).startsWith("HTTP/1.1 200");
            sender.close();
        }
        assertThat(own.get("/v1/files").json().findValuesAsText("bytes"))
                .hasSize(16)
                .containsOnly("9");
    }

    @Test
    void nobodyUploadsWithoutAKey() throws Exception {
        try (Sender sender = new Sender("th_wrong", 1_000_000)) {
            assertThat(sender.answer()).startsWith("HTTP/1.1 401");
        }
    }
}
