package dev.thunderhead.frontend;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.lifecycle.Foreground;
import java.io.IOException;

/**
 * Starts a frontend from the environment, and drains it on SIGTERM. Exit code 0: it was drained; 2: the settings are wrong;
 * 1: it could not start.
 */
public final class Main {
    private static final String LOGGING = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Not named logback.xml, since both services may lie on one class path.
        System.setProperty(LOGGING, System.getProperty(LOGGING, "logback-frontend.xml"));
        try {
            FrontendConfig config = Environment.read(System.getenv(), FrontendConfig::from);
            // The other threads are daemons, or end with this one: the hook runs before the process does.
            Foreground.closeAtExit("api-frontend", Frontend.start(config));
        } catch (ConfigurationException problem) {
            System.err.println(problem.getMessage());
            System.exit(2);
        } catch (IOException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }
}
