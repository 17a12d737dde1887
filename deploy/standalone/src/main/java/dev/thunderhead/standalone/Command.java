package dev.thunderhead.standalone;

import java.io.PrintStream;
import java.util.Set;

/** One command of the command line. Stateless. */
interface Command {
    /** The word that calls it. */
    String name();

    /** What it does, in one line. */
    String summary();

    /** What may follow its name, a line each, with defaults. */
    String usage();

    /** The options it takes that have a value, without their hyphens. */
    Set<String> options();

    /** The options it takes that have no value, without their hyphens. */
    default Set<String> flags() {
        return Set.of();
    }

    /**
     * Runs it.
     *
     * @param out for results, and nothing else
     * @throws UsageException when the arguments are wrong
     * @throws Exception when it fails; the message is for the user
     */
    void run(Arguments arguments, PrintStream out) throws Exception;
}
