package dev.thunderhead.standalone;

import java.io.PrintStream;
import java.util.Set;

/**
 * A command that the launcher script answers itself, by starting another jar than this one: here it only stands in the
 * overview, and helps.
 *
 * @param jar what the launcher starts, below the repository's root
 */
record ServiceCommand(String name, String summary, String usage, String jar) implements Command {
    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public void run(Arguments arguments, PrintStream out) {
        throw new UsageException("call it as ./thunderhead " + name + ", or start " + jar);
    }
}
