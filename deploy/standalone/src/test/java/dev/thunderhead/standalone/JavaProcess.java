package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** One of our jars, or the launcher, in a process of its own, as a user starts it. Closing kills what still runs. */
final class JavaProcess implements AutoCloseable {
    /** Starting takes seconds, but the machine may be busy with other tests. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Pattern EXPORT = Pattern.compile("export ([A-Z0-9_]+)=(.*)");

    private final Process process;
    private final Path errors;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private JavaProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        Thread reader = new Thread(this::read, "stdout");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code java -jar}.
     *
     * @param jar below the repository's root
     * @param environment the only settings of ours that it sees
     */
    static JavaProcess start(String jar, Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                root().resolve(jar).toString()));
        command.addAll(List.of(words));
        return start(command, environment);
    }

    /**
     * Starts the launcher script, which must not build: what it would build is tested now, and is up to date.
     */
    static JavaProcess launch(String... words) throws IOException {
        return launchBy(List.of(), Map.of(), words);
    }

    /** The same by another program, which gets the launcher as its next word. */
    static JavaProcess launchBy(List<String> program, Map<String, String> environment, String... words)
            throws IOException {
        Files.setLastModifiedTime(
                root().resolve("deploy/standalone/target/standalone.jar"), FileTime.from(Instant.now()));
        List<String> command = new ArrayList<>(program);
        command.add(root().resolve("thunderhead").toString());
        command.addAll(List.of(words));
        return start(command, environment);
    }

    private static JavaProcess start(List<String> command, Map<String, String> environment) throws IOException {
        Path errors = Files.createTempFile("errors", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("THUNDERHEAD_"));
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start(), errors);
    }

    /** The repository's root; tests run in their module's folder. */
    static Path root() {
        return Path.of("").toAbsolutePath().getParent().getParent();
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            lines.add(closed.toString());
        }
    }

    /** Waits for a line on the standard output that starts so. */
    String awaitLine(String start) {
        Awaitility.await(start)
                .atMost(PATIENCE)
                .failFast(
                        "the process has ended",
                        () -> assertThat(process.isAlive() || line(start).isPresent())
                                .as(errors())
                                .isTrue())
                .until(() -> line(start).isPresent());
        return line(start).orElseThrow();
    }

    private Optional<String> line(String start) {
        synchronized (lines) {
            return lines.stream().filter(line -> line.startsWith(start)).findFirst();
        }
    }

    /** What it has printed so far. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Adds what it has printed as {@code export NAME=value} for other processes. */
    void exports(Map<String, String> environment) {
        for (String line : lines()) {
            Matcher export = EXPORT.matcher(line);
            if (export.matches()) {
                environment.put(export.group(1), export.group(2));
            }
        }
    }

    /** How many processes it has started that still run. */
    long descendants() {
        return process.descendants().count();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What stands on its error stream. */
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException problem) {
            return problem.toString();
        }
    }

    /** Sends SIGTERM and returns the exit status. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    /** Waits for its end and returns the exit status. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + PATIENCE);
        }
        return process.exitValue();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.delete(errors);
    }
}
