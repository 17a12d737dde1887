package dev.thunderhead.standalone;

import dev.thunderhead.lifecycle.Foreground;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Starts everything, asks for one picture over HTTP, saves it, and stops everything. */
final class DemoCommand implements Command {
    private static final int LONGEST_NAME = 60;

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "starts everything, renders one picture, saves it, and stops";
    }

    @Override
    public String usage() {
        return """
                "PROMPT"       what to paint
                --seed N       the same seed paints the same picture (random)
                --steps N      denoising steps: 1, 2, 4 or 8 (the model's default)
                --size WxH     in pixels (the model's native size)
                --out FILE     where the picture is saved (named after the prompt)
                --port N       where the API listens on the loopback interface (any free port)
                --data DIR     where all state lies (.data)
                --models DIRS  model directories, separated by commas (the built-in tiny-lightning)
                --device NAME  what renders, for example cuda:0 in a GPU build (cpu)
                """;
    }

    @Override
    public Set<String> options() {
        return Set.of("seed", "steps", "size", "out", "port", "data", "models", "device");
    }

    @Override
    public void run(Arguments arguments, PrintStream out) throws Exception {
        String prompt = arguments.single("the prompt");
        Path file = arguments.path("out").orElseGet(() -> Path.of(fileName(prompt)));
        Map<String, Object> request = request(prompt, arguments);
        Settings settings = Settings.of(arguments, arguments.port().orElse(0));
        PictureClient.Answer answer = Foreground.run(() -> {
            try (AllInOne all = AllInOne.start(settings, Progress.onConsole())) {
                PictureClient client = all.client();
                PictureClient.Answer painted = client.generate(request);
                save(client.download(painted.url()), file);
                return painted;
            }
        });
        out.println("picture  " + file.toAbsolutePath().normalize());
        out.println("url      " + answer.url() + "  seed " + answer.seed());
        out.println("timings  " + answer.timings());
    }

    private static Map<String, Object> request(String prompt, Arguments arguments) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("prompt", prompt);
        arguments.number("seed", 0, Long.MAX_VALUE).ifPresent(seed -> request.put("seed", seed));
        arguments.number("steps", 1, 100).ifPresent(steps -> request.put("steps", steps));
        arguments.option("size").ifPresent(size -> request.put("size", size));
        return request;
    }

    private static void save(byte[] picture, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, picture);
    }

    /** {@code A cat, at sunset!} becomes {@code a-cat-at-sunset.png}. */
    static String fileName(String prompt) {
        String name = prompt.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String cut = name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("^-|-$", "");
        return (cut.isEmpty() ? "picture" : cut) + ".png";
    }
}
