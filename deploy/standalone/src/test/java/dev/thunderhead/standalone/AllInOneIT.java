package dev.thunderhead.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.backing.PortTakenException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class AllInOneIT {
    @TempDir
    private Path folder;

    @Test
    void portThatIsTakenAfterTheFirstLookIsNamedToo() throws IOException {
        int port = Management.freePort();
        DataFolder data = new DataFolder(folder.resolve("data"));
        Settings settings = new Settings(data, port, Settings.builtInModel().toString(), Optional.empty());
        try (PortTaker taker = new PortTaker(port)) {
            // A terminal is told as soon as the store stands, which is before the API listens.
            Progress progress = new Progress(new PrintStream(taker, true, UTF_8), true);
            assertThatThrownBy(() -> AllInOne.start(settings, progress))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + port + " is already in use");
        }
        data.lockKafka().close();
    }

    /** Takes a port as soon as something is written. */
    private static final class PortTaker extends OutputStream {
        private final int port;
        private @Nullable ServerSocket socket;

        PortTaker(int port) {
            this.port = port;
        }

        @Override
        public synchronized void write(int ignored) throws IOException {
            if (socket == null) {
                socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            }
        }

        @Override
        public synchronized void close() throws IOException {
            assertThat(socket).as("taken").isNotNull();
            socket.close();
        }
    }
}
