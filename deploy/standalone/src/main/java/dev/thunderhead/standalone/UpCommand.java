package dev.thunderhead.standalone;

import dev.thunderhead.lifecycle.Foreground;
import java.io.PrintStream;
import java.util.Set;

/** Runs everything in this process until it is told to stop. */
final class UpCommand implements Command {
    static final int PORT = 8080;

    @Override
    public String name() {
        return "up";
    }

    @Override
    public String summary() {
        return "runs everything in one process, until Ctrl-C";
    }

    @Override
    public String usage() {
        return """
                --port N       where the API listens on the loopback interface, 0 for any free port (8080)
                --data DIR     where all state lies; it survives a restart (.data)
                --models DIRS  model directories, separated by commas (the built-in tiny-lightning)
                --device NAME  what renders, for example cuda:0 in a GPU build (cpu)
                """;
    }

    @Override
    public Set<String> options() {
        return Set.of("port", "data", "models", "device");
    }

    @Override
    public void run(Arguments arguments, PrintStream out) throws Exception {
        Settings settings = Settings.of(arguments.noOthers(), arguments.port().orElse(PORT));
        AllInOne all = Foreground.start("thunderhead", () -> AllInOne.start(settings, Progress.onConsole()));
        out.println("API key: " + all.key());
        out.println("Try it:  curl " + all.url() + "/v1/images/generations -H 'Authorization: Bearer " + all.key()
                + "' -H 'Content-Type: application/json' -d '{\"prompt\": \"a cyberpunk cat at sunset\"}'");
        out.println("READY url=" + all.url() + " key=" + all.key());
        Foreground.waitForExit();
    }
}
