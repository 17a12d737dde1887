package dev.thunderhead.render;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Device;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The command line of {@link Paint}.
 *
 * @param prompt what to paint
 * @param seed random when empty
 * @param steps the model's default when empty
 * @param size the model's native size when empty
 * @param file where to; {@code paint-SEED.png} when empty
 * @param model the model's directory
 * @param device where the model runs
 * @param threads processor threads, at least 1
 */
record PaintOptions(
        String prompt,
        OptionalLong seed,
        OptionalInt steps,
        Optional<ImageSize> size,
        Optional<Path> file,
        Path model,
        Device device,
        int threads) {
    static final String USAGE = """
            usage: paint PROMPT [options]
              --seed N       the picture's random start; a random one if not given
              --steps N      a step count of the model; its default if not given
              --size WxH     in pixels; the model's native size if not given
              --out FILE     ends in .png, .jpg or .jpeg; paint-SEED.png if not given
              --model DIR    the model's directory; deploy/models/tiny-lightning if not given
              --device NAME  cpu or cuda:N; cpu if not given
              --threads N    processor threads; as many as there are processors if not given""";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException when one is unknown, malformed or missing; the message fits on a line
     */
    static PaintOptions parse(List<String> arguments) {
        Optional<String> prompt = Optional.empty();
        OptionalLong seed = OptionalLong.empty();
        OptionalInt steps = OptionalInt.empty();
        Optional<ImageSize> size = Optional.empty();
        Optional<Path> file = Optional.empty();
        Path model = Path.of("deploy", "models", "tiny-lightning");
        Device device = new Device.Cpu();
        int threads = Runtime.getRuntime().availableProcessors();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--seed" -> seed = OptionalLong.of(value(argument, rest, PaintOptions::seed));
                case "--steps" -> steps = OptionalInt.of(value(argument, rest, PaintOptions::count));
                case "--size" -> size = Optional.of(value(argument, rest, ImageSize::parse));
                case "--out" -> file = Optional.of(value(argument, rest, Path::of));
                case "--model" -> model = value(argument, rest, Path::of);
                case "--device" -> device = value(argument, rest, Device::parse);
                case "--threads" -> threads = value(argument, rest, PaintOptions::count);
                default -> {
                    if (argument.startsWith("--")) {
                        throw new IllegalArgumentException("unknown option " + argument);
                    }
                    if (prompt.isPresent()) {
                        throw new IllegalArgumentException(
                                "one prompt, please; quote it: \"" + prompt.get() + " ...\"");
                    }
                    prompt = Optional.of(argument);
                }
            }
        }
        return new PaintOptions(
                prompt.orElseThrow(() -> new IllegalArgumentException("what shall be painted? give a prompt")),
                seed,
                steps,
                size,
                file,
                model,
                device,
                threads);
    }

    /**
     * The format that a file's name asks for.
     *
     * @throws IllegalArgumentException when it is none that can be written
     */
    static OutputFormat format(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return OutputFormat.PNG;
        }
        if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            return OutputFormat.JPEG;
        }
        throw new IllegalArgumentException("--out " + file + ": a picture's name ends in .png, .jpg or .jpeg");
    }

    private static <T> T value(String option, Iterator<String> rest, Function<String, T> parse) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        String text = rest.next();
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException(option + " " + text + ": " + problem.getMessage(), problem);
        }
    }

    /** Signed or unsigned. */
    private static long seed(String text) {
        try {
            return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException problem) {
            throw new IllegalArgumentException("a seed is a whole number of 64 bits", problem);
        }
    }

    private static int count(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("must be a whole number of at least 1");
        }
        return Integer.parseInt(text);
    }
}
