package dev.thunderhead.frontend;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import java.io.IOException;

/** Starts a frontend from the environment. Exit code 2: the settings are wrong; 1: it could not start. */
public final class Main {
    private static final String LOGGING = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Not named logback.xml, since both services may lie on one class path.
        System.setProperty(LOGGING, System.getProperty(LOGGING, "logback-frontend.xml"));
        try {
            FrontendConfig config = Environment.read(System.getenv(), FrontendConfig::from);
            stopAtSignal(Frontend.start(config));
        } catch (ConfigurationException problem) {
            System.err.println(problem.getMessage());
            System.exit(2);
        } catch (IOException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }

    // The other threads are daemons, or end with this one: the hook runs before the process does.
    private static void stopAtSignal(Frontend frontend) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                frontend.close();
                            } catch (IOException problem) {
                                System.err.println("stopping failed: " + problem.getMessage());
                            }
                        },
                        "stop"));
    }
}
