package dev.thunderhead.standalone;

import dev.thunderhead.backing.PortTakenException;
import dev.thunderhead.standalone.batch.InputException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** The command line. Exits with 0 when all went well, 1 when something failed, 2 when the words mean nothing. */
public final class Main {
    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;
    private static final int USAGE = 2;
    private static final Set<String> HELP = Set.of("--help", "-h");

    private static final String ENVIRONMENT =
            "Takes all its settings from THUNDERHEAD_* in the environment; one that is"
                    + " missing or wrong is named.\n";

    private final List<Command> commands;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A command line.
     *
     * @param environment the value of a variable, if it is set
     */
    Main(Function<String, Optional<String>> environment, PrintStream out, PrintStream err) {
        this.commands = List.of(
                new DemoCommand(),
                new UpCommand(),
                new BatchCommand(environment),
                new ServiceCommand(
                        "paint",
                        "renders one picture without any service",
                        "See thunderhead paint --help.\n",
                        "render-worker/target/render-worker.jar"),
                new KeyCommand(),
                new BrokerCommand(),
                new StoreCommand(),
                new ServiceCommand(
                        "frontend", "runs an API frontend", ENVIRONMENT, "api-frontend/target/api-frontend.jar"),
                new ServiceCommand(
                        "worker", "runs a render worker", ENVIRONMENT, "render-worker/target/render-worker.jar"));
        this.out = out;
        this.err = err;
    }

    public static void main(String[] words) {
        // Before the first logger: each service brings a configuration too, and this process has but one.
        System.setProperty("logback.configurationFile", "standalone-logback.xml");
        // And before the first two threads that would both set logging up.
        LoggerFactory.getILoggerFactory();
        Function<String, Optional<String>> environment = name -> Optional.ofNullable(System.getenv(name));
        System.exit(new Main(environment, System.out, System.err).run(List.of(words)));
    }

    /** Runs one command and returns the exit status. */
    int run(List<String> words) {
        if (words.isEmpty() || HELP.contains(words.get(0)) || words.get(0).equals("help")) {
            (words.isEmpty() ? err : out).print(overview());
            return words.isEmpty() ? USAGE : SUCCESS;
        }
        String name = words.get(0);
        for (Command command : commands) {
            if (command.name().equals(name)) {
                return run(command, words.subList(1, words.size()));
            }
        }
        err.println(safe("thunderhead: there is no command '" + name + "'; see thunderhead --help"));
        return USAGE;
    }

    private int run(Command command, List<String> words) {
        if (words.stream().takeWhile(word -> !word.equals("--")).anyMatch(HELP::contains)) {
            out.print("thunderhead " + command.name() + ": " + command.summary() + "\n\n" + command.usage());
            return SUCCESS;
        }
        try {
            command.run(Arguments.parse(words, command.options(), command.flags()), out);
            return SUCCESS;
        } catch (UsageException problem) {
            return failed(command, problem.getMessage() + "; see thunderhead " + command.name() + " --help", USAGE);
        } catch (InputException problem) {
            return failed(command, problem.getMessage(), USAGE);
        } catch (FileSystemException problem) {
            return failed(command, explained(problem), FAILURE);
        } catch (PortTakenException problem) {
            return failed(command, problem.getMessage() + "; choose another with --port", FAILURE);
        } catch (InterruptedException problem) {
            return failed(command, "stopped before it was done", FAILURE);
        } catch (Exception problem) {
            return failed(command, Objects.requireNonNullElse(problem.getMessage(), problem.toString()), FAILURE);
        }
    }

    private int failed(Command command, String message, int status) {
        err.println(safe("thunderhead " + command.name() + ": " + message));
        return status;
    }

    /** Messages hold words of others, and terminals obey control characters. */
    private static String safe(String message) {
        return message.replaceAll("[\\p{Cc}&&[^\n]]", " ");
    }

    /** The most frequent have but their path as a message. */
    private static String explained(FileSystemException problem) {
        if (problem.getReason() != null || problem.getFile() == null) {
            return String.valueOf(problem.getMessage());
        }
        String kind = "cannot be used (" + problem.getClass().getSimpleName() + ")";
        if (problem instanceof AccessDeniedException) {
            kind = "permission denied";
        } else if (problem instanceof NoSuchFileException) {
            kind = "not found";
        } else if (problem instanceof NotDirectoryException) {
            kind = "is not a folder";
        } else if (problem instanceof FileAlreadyExistsException) {
            kind = "is there already, and is no folder";
        }
        return problem.getFile() + ": " + kind;
    }

    private String overview() {
        StringBuilder text = new StringBuilder("usage: thunderhead COMMAND [OPTIONS]\n\n");
        for (Command command : commands) {
            text.append("  %-10s %s%n".formatted(command.name(), command.summary()));
        }
        return text.append("\nthunderhead COMMAND --help tells more of each.\n").toString();
    }
}
