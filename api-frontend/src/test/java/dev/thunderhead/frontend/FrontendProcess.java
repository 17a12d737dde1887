package dev.thunderhead.frontend;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged frontend in a process of its own, which can be killed. */
final class FrontendProcess implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("event=frontend_started port=(\\d+) management_port=(\\d+)");
    private static final int LOOKS = 1_200;
    private static final int LOOK_MILLIS = 50;

    private final Process process;
    private final Path log;

    private FrontendProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param flags of the virtual machine */
    static FrontendProcess start(Path folder, Map<String, String> environment, String... flags) throws IOException {
        Path log = Files.createTempFile(folder, "frontend", ".log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-jar", Path.of("target", "api-frontend.jar").toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("THUNDERHEAD_"));
        builder.environment().putAll(environment);
        return new FrontendProcess(builder.start(), log);
    }

    /** One that is ready. */
    static FrontendProcess ready(Path folder, Map<String, String> environment, String... flags) throws Exception {
        FrontendProcess frontend = start(folder, environment, flags);
        for (int look = 0; look < LOOKS; look++) {
            Matcher ports = STARTED.matcher(frontend.output());
            if (ports.find() && isReady("http://127.0.0.1:" + ports.group(2) + "/readyz")) {
                return frontend;
            }
            if (!frontend.process.isAlive()) {
                break;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        frontend.close();
        throw new IOException("not ready: " + frontend.output());
    }

    /** One that is ready, and has been chosen to feed batches. */
    static FrontendProcess feeding(Path folder, Map<String, String> environment, String... flags) throws Exception {
        FrontendProcess frontend = ready(folder, environment, flags);
        for (int look = 0; look < LOOKS && !frontend.output().contains("event=feeder chosen=true"); look++) {
            Thread.sleep(LOOK_MILLIS);
        }
        return frontend;
    }

    private static boolean isReady(String address) throws Exception {
        return Client.fetch(address).status() == 200;
    }

    Client client(String key) throws IOException {
        Matcher ports = STARTED.matcher(output());
        if (!ports.find()) {
            throw new IOException("not started");
        }
        return new Client(URI.create("http://127.0.0.1:" + ports.group(1)), key);
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** As an operator stops it. */
    void terminate() {
        process.destroy();
    }

    /** By {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops it in the middle of whatever it does, as a paused virtual machine is; {@code thaw} lets it go on. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill " + signal + " failed");
        }
    }

    /** The exit status, once it has ended by itself. */
    int exitStatus() throws Exception {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("it lives");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
