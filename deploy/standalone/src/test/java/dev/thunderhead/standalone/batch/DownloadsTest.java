package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DownloadsTest {
    private static final Patience SHORT =
            new Patience(Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofSeconds(1));

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer broken;
    private volatile int status = 200;

    @BeforeEach
    void start() throws Exception {
        broken = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broken.createContext("/", exchange -> {
            asked.merge(exchange.getRequestURI().getPath(), 1, Integer::sum);
            // Breaks off in the middle: what ends before it began, the client would repeat by itself.
            exchange.sendResponseHeaders(status, status == 200 ? 10 : -1);
            exchange.close();
        });
        broken.start();
    }

    @AfterEach
    void stop() {
        broken.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 503})
    void aHostThatGivesNoPicturesIsAskedOnceForEachFurtherOne(int answer) throws Exception {
        status = answer;
        try (Downloads downloads = new Downloads(SHORT, told::add)) {
            downloads.add(1, picture(1, broken.getAddress().getPort()), () -> {});
            downloads.await();
            for (int row = 2; row <= 40; row++) {
                downloads.add(row, picture(row, broken.getAddress().getPort()), () -> {});
            }
            downloads.await();
            assertThat(downloads.missing()).hasSize(40);
        }
        assertThat(asked.remove("/1.png")).isGreaterThan(1);
        assertThat(asked).hasSize(39);
        assertThat(asked.values()).containsOnly(1);
    }

    @Test
    void theFirstTroubleIsToldAtOnceAndOnce() throws Exception {
        int port = broken.getAddress().getPort();
        broken.stop(0);
        Patience endless =
                new Patience(Duration.ZERO, Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofDays(1));
        try (Downloads downloads = new Downloads(endless, told::add)) {
            downloads.add(1, picture(1, port), () -> {});
            downloads.add(2, picture(2, port), () -> {});
            while (told.isEmpty()) {
                Thread.sleep(5);
            }
            assertThat(downloads.missing()).isEmpty();
            Thread.sleep(100);
        }
        assertThat(told)
                .containsExactly("pictures cannot be downloaded (nobody answers at 127.0.0.1:" + port
                        + "); trying on. If their addresses are wrong, the server needs THUNDERHEAD_PUBLIC_URL");
    }

    private Map<Path, LineResult.Picture> picture(int row, int port) {
        String name = row + ".png";
        String url = "http://127.0.0.1:" + port + "/" + name;
        return Map.of(folder.resolve(name), new LineResult.Picture(url, OptionalLong.empty(), ".png"));
    }
}
