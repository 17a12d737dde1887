package dev.thunderhead.standalone;

import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.lifecycle.Foreground;
import java.io.PrintStream;
import java.util.Set;

/** Runs the in-process S3 server alone, so that services in other processes can share it. */
final class StoreCommand implements Command {
    private static final int PORT = 9000;

    @Override
    public String name() {
        return "store";
    }

    @Override
    public String summary() {
        return "runs an S3 server on this machine";
    }

    @Override
    public String usage() {
        return """
                --data DIR   where its objects and its secret key lie (.data)
                --port N     where it listens on the loopback interface, 0 for any free port (9000)
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
        closer.add(data.lockS3());
        StoreAccess access = StoreAccess.of(data);
        LocalStore store = closer.add(LocalStore.start(data.s3(), port, access.credentials(), StoreAccess.BUCKET));
        Foreground.closeAtExit("thunderhead", closer);
        access.environment(store).forEach((name, value) -> out.println("export " + name + "=" + value));
        out.println("READY endpoint=" + store.endpoint() + " bucket=" + StoreAccess.BUCKET + " access_key="
                + access.credentials().accessKey() + " secret_key="
                + access.credentials().secretKey());
        Foreground.waitForExit();
    }
}
