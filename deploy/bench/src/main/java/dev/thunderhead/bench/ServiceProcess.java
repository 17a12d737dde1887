package dev.thunderhead.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java program in a process of its own. Thread-safe. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Path BINARIES = Path.of(System.getProperty("java.home"), "bin");
    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    private final Process process;
    private final Path log;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it. What it says goes to a file.
     *
     * @param folder where that file lies
     * @param environment its {@code THUNDERHEAD_*} settings; it gets none of ours
     * @param arguments what follows {@code java} on the command line
     */
    static ServiceProcess start(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Path log = Files.createTempFile(folder, "service", ".log");
        List<String> command = new ArrayList<>(List.of(BINARIES.resolve("java").toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("THUNDERHEAD_"));
        builder.environment().putAll(environment);
        return new ServiceProcess(builder.start(), log);
    }

    /** Waits until it has said something of that form. */
    MatchResult awaitLine(Pattern form) throws IOException, InterruptedException {
        for (long left = PATIENCE.dividedBy(LOOK); left > 0 && process.isAlive(); left--) {
            Matcher said = form.matcher(Files.readString(log));
            if (said.find()) {
                return said.toMatchResult();
            }
            Thread.sleep(LOOK.toMillis());
        }
        throw new IOException("did not start: " + Files.readString(log));
    }

    /** How much processor time it has used so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Megabytes of its heap that are in use right after a collection. */
    double heapMegabytes() throws IOException, InterruptedException {
        diagnose("GC.run");
        Matcher used = HEAP_USED.matcher(diagnose("GC.heap_info"));
        if (!used.find()) {
            throw new IOException("jcmd tells nothing of the heap");
        }
        return Long.parseLong(used.group(1)) / 1024.0;
    }

    private String diagnose(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(BINARIES.resolve("jcmd").toString(), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops it as an operator would. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupt) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
