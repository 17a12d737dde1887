package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.lifecycle.Closer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns in a folder of their own, against a server in this process. */
@Timeout(120)
abstract class CampaignFixture {
    static final Patience QUICK =
            new Patience(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(20));
    static final String SIX = """
            color,n,seed,name
            red,,7,Red mug
            blue,2,20,
            green,,30,=cmd()
            black,,40,
            white,,50,
            gold,,60,
            """;

    @TempDir
    Path folder;

    BatchServer server;
    private final Closer inputs = new Closer();

    @BeforeEach
    void start() throws IOException {
        server = new BatchServer();
    }

    @AfterEach
    void stop() throws IOException {
        inputs.close();
        server.close();
    }

    void interruptAfter(Callable<Boolean> condition, Callable<?> work) throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                work.call();
            } catch (Exception problem) {
                end.set(problem);
            }
        });
        thread.start();
        while (!condition.call()) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    Outcome run(String csv) throws Exception {
        return run(input(csv(csv), "a {{color}} mug"));
    }

    Outcome run(CampaignInput input) throws Exception {
        return open(Optional.of(input)).run(BatchServer.KEY, false, silent());
    }

    Outcome retry() throws Exception {
        return open(Optional.empty()).run(BatchServer.KEY, true, silent());
    }

    Campaign open(Optional<CampaignInput> input) throws IOException {
        if (input.isEmpty()) {
            return Campaign.open(out(""), Optional.empty(), Optional.empty(), List.of(), QUICK);
        }
        Optional<ExpandedInput> expanded = Optional.of(inputs.add(ExpandedInput.of(input.get())));
        return Campaign.open(out(""), expanded, Optional.of(server.address()), List.of(), QUICK);
    }

    /** Has a campaign begun, and no more. */
    Campaign begin(CampaignInput input) throws IOException {
        Campaign campaign = open(Optional.of(input));
        campaign.begin();
        return campaign;
    }

    Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.csv"), text);
    }

    static CampaignInput input(Path csv, String template) {
        return new CampaignInput(
                csv,
                Optional.ofNullable(template),
                new CommonParameters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    static CampaignProgress silent() {
        return printing(new ByteArrayOutputStream());
    }

    static CampaignProgress printing(ByteArrayOutputStream printed) {
        return new CampaignProgress(new PrintStream(printed, true, UTF_8), false, System::nanoTime);
    }

    Path out(String file) {
        return folder.resolve("out").resolve(file);
    }

    List<String> pictures() throws IOException {
        try (Stream<Path> files = Files.list(out("pictures"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.endsWith(".part"))
                    .sorted()
                    .toList();
        }
    }

    List<CSVRecord> table(String file) throws IOException {
        String text = Files.readString(out(file));
        // Without it Excel takes the file for Latin-1.
        assertThat(text).startsWith("\uFEFF");
        try (CSVParser parser = CSVParser.parse(text.substring(1), CsvInput.FORMAT)) {
            return parser.getRecords();
        }
    }
}
