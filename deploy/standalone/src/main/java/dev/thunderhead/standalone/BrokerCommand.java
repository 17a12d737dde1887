package dev.thunderhead.standalone;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.lifecycle.Foreground;
import java.io.PrintStream;
import java.util.Set;

/** Runs the in-process Kafka alone, so that services in other processes can share it. */
final class BrokerCommand implements Command {
    private static final int PORT = 9092;

    @Override
    public String name() {
        return "broker";
    }

    @Override
    public String summary() {
        return "runs a Kafka broker on this machine";
    }

    @Override
    public String usage() {
        return """
                --data DIR   where its log lies (.data)
                --port N     where it listens on the loopback interface, 0 for any free port (9092)
                """;
    }

    @Override
    public Set<String> options() {
        return Set.of("data", "port");
    }

    @Override
    public void run(Arguments arguments, PrintStream out) throws Exception {
        DataFolder data = DataFolder.of(arguments.noOthers());
        int port = arguments.port().orElse(PORT);
        Closer closer = new Closer();
        closer.add(data.lockKafka());
        LocalBroker broker = closer.add(LocalBroker.bind(data.kafka(), port));
        Foreground.start("thunderhead", () -> {
            broker.start();
            return closer;
        });
        out.println("export THUNDERHEAD_KAFKA=" + broker.bootstrap());
        out.println("READY kafka=" + broker.bootstrap());
        Foreground.waitForExit();
    }
}
