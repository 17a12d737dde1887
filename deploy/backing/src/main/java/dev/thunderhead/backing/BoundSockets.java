package dev.thunderhead.backing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * The broker's two listening sockets on the loopback interface, bound before there is a broker.
 *
 * @param clients for {@link BrokerSettings#CLIENTS}
 * @param quorum for {@link BrokerSettings#QUORUM}
 */
record BoundSockets(ServerSocketChannel clients, ServerSocketChannel quorum) implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /**
     * Binds both.
     *
     * @param port for clients, 0 for a free one; the quorum's is always a free one
     * @throws PortTakenException when another process listens on the port
     */
    static BoundSockets bind(int port) throws IOException {
        ServerSocketChannel clients = open(port);
        try {
            return new BoundSockets(clients, open(0));
        } catch (IOException problem) {
            clients.close();
            throw problem;
        }
    }

    private static ServerSocketChannel open(int port) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.configureBlocking(false);
            return socket.bind(new InetSocketAddress(LOOPBACK, port));
        } catch (IOException problem) {
            socket.close();
            throw problem instanceof BindException ? new PortTakenException(port, problem) : problem;
        }
    }

    int clientsPort() {
        return clients.socket().getLocalPort();
    }

    int quorumPort() {
        return quorum.socket().getLocalPort();
    }

    ServerSocketChannel of(String listener) {
        return switch (listener) {
            case BrokerSettings.CLIENTS -> clients;
            case BrokerSettings.QUORUM -> quorum;
            default -> throw new IllegalArgumentException("no socket was bound for the listener " + listener);
        };
    }

    @Override
    public void close() {
        try (clients;
                quorum) {
            // Closing is all there is to do; Kafka has done it already, unless it never started.
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
