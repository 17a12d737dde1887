package dev.thunderhead.standalone;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words after a command: options, each {@code --name value} or {@code --name=value}, flags, each {@code --name}, and
 * the others in order. After {@code --} nothing is an option. Immutable.
 */
final class Arguments {
    private final Map<String, String> options;
    private final Set<String> flags;
    private final List<String> others;

    private Arguments(Map<String, String> options, Set<String> flags, List<String> others) {
        this.options = Map.copyOf(options);
        this.flags = Set.copyOf(flags);
        this.others = List.copyOf(others);
    }

    /**
     * Sorts the words.
     *
     * @param known the options that the command takes, without their hyphens
     * @param flags the options without a value that it takes, likewise
     * @throws UsageException for an option that is unknown, given twice, or lacks its value
     */
    static Arguments parse(List<String> words, Set<String> known, Set<String> flags) {
        Set<String> raised = new HashSet<>();
        Map<String, String> options = new HashMap<>();
        List<String> others = new ArrayList<>();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--")) {
                rest.forEachRemaining(others::add);
            } else if (word.startsWith("--") && flags.contains(word.substring(2))) {
                if (!raised.add(word.substring(2))) {
                    throw new UsageException(word + " is given twice");
                }
            } else if (word.startsWith("--")) {
                int end = word.indexOf('=');
                String name = word.substring(2, end < 0 ? word.length() : end);
                if (!known.contains(name)) {
                    throw new UsageException("there is no option --" + name);
                }
                if (end < 0 && !rest.hasNext()) {
                    throw new UsageException("--" + name + " needs a value");
                }
                if (options.put(name, end < 0 ? rest.next() : word.substring(end + 1)) != null) {
                    throw new UsageException("--" + name + " is given twice");
                }
            } else {
                others.add(word);
            }
        }
        return new Arguments(options, raised, others);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    boolean flag(String name) {
        return flags.contains(name);
    }

    /** The value of an option that must be given. */
    String required(String name) {
        return option(name).orElseThrow(() -> missing(name));
    }

    private static UsageException missing(String name) {
        return new UsageException("--" + name + " must be given");
    }

    /** A whole number from {@code min} to {@code max}. */
    Optional<Long> number(String name, long min, long max) {
        return option(name).map(text -> {
            try {
                long number = Long.parseLong(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException problem) {
                // Reported below, like a number out of range.
            }
            throw new UsageException("--" + name + " must be a whole number from " + min + " to " + max);
        });
    }

    /** A TCP port, 0 for any free one. */
    Optional<Integer> port() {
        return number("port", 0, 65_535).map(Long::intValue);
    }

    Optional<Path> path(String name) {
        return option(name).map(text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException problem) {
                throw new UsageException("--" + name + " must be a path");
            }
        });
    }

    /** A path that must be given. */
    Path requiredPath(String name) {
        return path(name).orElseThrow(() -> missing(name));
    }

    /** Whether all words are options. */
    boolean isEmpty() {
        return others.isEmpty();
    }

    /** The one word that is not an option; {@code what} names it to a user who left it out. */
    String single(String what) {
        if (others.size() == 1) {
            return others.get(0);
        }
        throw new UsageException(
                others.isEmpty() ? what + " is missing" : "there is one " + what + ": put it in quotes");
    }

    /** Refuses words that are not options. */
    Arguments noOthers() {
        if (!others.isEmpty()) {
            throw new UsageException("'" + others.get(0) + "' is one word too many");
        }
        return this;
    }
}
