package dev.thunderhead.render;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.lifecycle.Foreground;
import java.io.IOException;

/**
 * Runs a render worker as a process. It is configured by {@code THUNDERHEAD_*} alone, and drains on SIGTERM. Exits with 0
 * when it was drained, with 2 when the settings are wrong, and with 1 when what they name cannot be used.
 */
public final class Main {
    private static final int CANNOT_START = 1;
    private static final int MISCONFIGURED = 2;

    private record Settings(WorkerConfig worker, ModelSettings models) {
        static Settings from(Environment environment) {
            return new Settings(WorkerConfig.from(environment), ModelSettings.from(environment));
        }
    }

    private Main() {}

    public static void main(String[] arguments) {
        try {
            Settings settings = Environment.read(System.getenv(), Settings::from);
            RenderWorker worker = RenderWorker.start(settings.worker(), settings.models()::open);
            Foreground.closeAtExit("render-worker", worker);
        } catch (ConfigurationException problem) {
            System.err.println(problem.getMessage());
            System.exit(MISCONFIGURED);
        } catch (IOException problem) {
            System.err.println("render-worker: " + problem.getMessage());
            System.exit(CANNOT_START);
        }
    }
}
