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
import java.util.Set;
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

    private static final List<Command> COMMANDS = List.of(
            new DemoCommand(),
            new UpCommand(),
            new BatchCommand(),
            new ServiceCommand(
                    "paint",
                    "renders one picture without any service",
                    "See thunderhead paint --help.\n",
                    "render-worker/target/render-worker.jar"),
            new KeyCommand(),
            new BrokerCommand(),
            new StoreCommand(),
            new ServiceCommand("frontend", "runs an API frontend", ENVIRONMENT, "api-frontend/target/api-frontend.jar"),
            new ServiceCommand(
                    "worker", "runs a render worker", ENVIRONMENT, "render-worker/target/render-worker.jar"));

    private Main() {}

    public static void main(String[] words) {
        // Before the first logger: each service brings a configuration too, and this process has but one.
        System.setProperty("logback.configurationFile", "standalone-logback.xml");
        // And before the first two threads that would both set logging up.
        LoggerFactory.getILoggerFactory();
        System.exit(run(List.of(words), System.out, System.err));
    }

    /** Runs one command and returns the exit status. */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        if (words.isEmpty() || HELP.contains(words.get(0)) || words.get(0).equals("help")) {
            (words.isEmpty() ? err : out).print(overview());
            return words.isEmpty() ? USAGE : SUCCESS;
        }
        String name = words.get(0);
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return run(command, words.subList(1, words.size()), out, err);
            }
        }
        err.println("thunderhead: there is no command '" + name + "'; see thunderhead --help");
        return USAGE;
    }

    private static int run(Command command, List<String> words, PrintStream out, PrintStream err) {
        if (words.stream().takeWhile(word -> !word.equals("--")).anyMatch(HELP::contains)) {
            out.print("thunderhead " + command.name() + ": " + command.summary() + "\n\n" + command.usage());
            return SUCCESS;
        }
        try {
            command.run(Arguments.parse(words, command.options(), command.flags()), out);
            return SUCCESS;
        } catch (UsageException problem) {
            err.println("thunderhead " + command.name() + ": " + problem.getMessage() + "; see thunderhead "
                    + command.name() + " --help");
            return USAGE;
        } catch (InputException problem) {
            err.println("thunderhead " + command.name() + ": " + problem.getMessage());
            return USAGE;
        } catch (FileSystemException problem) {
            err.println("thunderhead " + command.name() + ": " + explained(problem));
            return FAILURE;
        } catch (PortTakenException problem) {
            err.println("thunderhead " + command.name() + ": " + problem.getMessage() + "; choose another with --port");
            return FAILURE;
        } catch (InterruptedException problem) {
            err.println("thunderhead " + command.name() + ": stopped before it was done");
            return FAILURE;
        } catch (Exception problem) {
            err.println("thunderhead " + command.name() + ": "
                    + Objects.requireNonNullElse(problem.getMessage(), problem.toString()));
            return FAILURE;
        }
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

    private static String overview() {
        StringBuilder text = new StringBuilder("usage: thunderhead COMMAND [OPTIONS]\n\n");
        for (Command command : COMMANDS) {
            text.append("  %-10s %s%n".formatted(command.name(), command.summary()));
        }
        return text.append("\nthunderhead COMMAND --help tells more of each.\n").toString();
    }
}
