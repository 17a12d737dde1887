package dev.thunderhead.standalone;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.lifecycle.Foreground;
import dev.thunderhead.standalone.batch.Campaign;
import dev.thunderhead.standalone.batch.CampaignInput;
import dev.thunderhead.standalone.batch.CampaignProgress;
import dev.thunderhead.standalone.batch.CommonParameters;
import dev.thunderhead.standalone.batch.ExpandedInput;
import dev.thunderhead.standalone.batch.Outcome;
import dev.thunderhead.standalone.batch.ServerAddress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Has a table of prompts painted by a server, and downloads the pictures. */
final class BatchCommand implements Command {
    /** What a header can carry, without spaces. */
    private static final Pattern KEY = Pattern.compile("[!-~]+");

    private static final String KEY_VARIABLE = "THUNDERHEAD_API_KEY";

    private final Function<String, Optional<String>> environment;

    /** @param environment the value of a variable, if it is set */
    BatchCommand(Function<String, Optional<String>> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public String summary() {
        return "renders a CSV or JSONL of prompts on a server, and downloads the pictures";
    }

    @Override
    public String usage() {
        return """
                FILE             CSV with a header row (or with ; or tabs), or a batch's lines in .jsonl or .ndjson;
                                 without it, the campaign in --out goes on
                --template TEXT  makes the prompts: {{color}} is the column color (the column prompt is the prompt)
                --out DIR        where pictures, manifest.csv and index.html go, and how far it is
                --model ID       of every line that has no other (the server's first model)
                --size WxH       likewise; a column size wins (the model's native size)
                --steps N        likewise (the model's default)
                --n N            pictures for each line, 1 to 10; a column n wins (1)
                --retry          renders again the lines that failed
                --server URL     where the API answers (http://127.0.0.1:8080); elsewhere it is named at each call
                --key KEY        an API key (THUNDERHEAD_API_KEY, or on this machine the one in the data folder)
                --data DIR       the data folder of ./thunderhead up (.data)

                Of the columns, n, size, seed and name are also parameters of the row.
                Called again after an interruption, it goes on where it was. Exits with 1 when lines failed.
                """;
    }

    @Override
    public Set<String> options() {
        return Set.of("template", "out", "model", "size", "steps", "n", "server", "key", "data");
    }

    @Override
    public Set<String> flags() {
        return Set.of("retry");
    }

    @Override
    public void run(Arguments arguments, PrintStream out) throws Exception {
        Outcome outcome = Foreground.run(() -> run(arguments));
        out.println("pictures  " + outcome.pictures());
        out.println("manifest  " + outcome.manifest());
        out.println("gallery   " + outcome.gallery());
        if (outcome.problems().isPresent()) {
            throw new IOException(outcome.problems().get());
        }
    }

    private Outcome run(Arguments arguments) throws IOException, InterruptedException {
        Path folder = arguments.requiredPath("out");
        Optional<ServerAddress> server = arguments.option("server").map(ServerAddress::parse);
        Optional<CampaignInput> input = input(arguments);
        List<String> repeated = arguments.option("data").isPresent()
                ? List.of("--data", DataFolder.of(arguments).path().toString())
                : List.of();
        if (input.isEmpty()) {
            Campaign.requireIn(folder);
        } else {
            Campaign.requireRoomIn(folder);
        }
        try (Closer open = new Closer()) {
            // First, so that bad input leaves no trace.
            Optional<ExpandedInput> expanded =
                    input.isPresent() ? Optional.of(open.add(ExpandedInput.of(input.get()))) : Optional.empty();
            open.add(FolderLock.take(folder, "campaign", "out"));
            Campaign campaign = Campaign.open(folder, expanded, server, repeated);
            String key = key(arguments, campaign.server());
            return campaign.run(key, arguments.flag("retry"), CampaignProgress.onConsole());
        }
    }

    private static Optional<CampaignInput> input(Arguments arguments) {
        if (arguments.isEmpty()) {
            for (String option : new String[] {"template", "model", "size", "steps", "n"}) {
                if (arguments.option(option).isPresent()) {
                    throw new UsageException("--" + option + " needs a file of prompts");
                }
            }
            return Optional.empty();
        }
        return Optional.of(new CampaignInput(
                Path.of(arguments.single("file of prompts")),
                arguments.option("template"),
                new CommonParameters(
                        arguments.option("model"),
                        arguments.option("size"),
                        arguments.number("steps", 1, 100),
                        arguments.number("n", 1, GenerationRequest.MAX_COUNT))));
    }

    private String key(Arguments arguments, ServerAddress server) throws IOException {
        if (!server.equals(ServerAddress.LOCAL) && arguments.option("server").isEmpty()) {
            // Perhaps others wrote it, and a key goes to nobody whom its owner has not named, also on this machine.
            throw new UsageException("the folder's campaign is on " + server.base()
                    + ": if your key may go there, say so with --server " + server.base());
        }
        Optional<String> key =
                arguments.option("key").or(() -> environment.apply(KEY_VARIABLE).filter(text -> !text.isBlank()));
        // The machine's own key is not for others to see.
        Optional<String> known = key.isEmpty() && server.isLocal()
                ? DataFolder.of(arguments).apiKey().read()
                : key;
        String text = known.orElseThrow(() -> new UsageException("there is no API key for " + server.base() + ": set "
                        + KEY_VARIABLE
                        + (server.isLocal() ? ", or name the data folder of ./thunderhead up with --data" : "")))
                .strip();
        if (!KEY.matcher(text).matches()) {
            throw new UsageException("the API key holds characters that no key has");
        }
        return text;
    }
}
