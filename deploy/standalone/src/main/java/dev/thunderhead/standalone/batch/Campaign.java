package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A campaign in its folder: one input, the batch of it and perhaps batches of its failed lines, and their pictures. Each
 * step is noted in the folder before the next one is taken, so that a run which ends anywhere is taken up by the next. One
 * run at a time; not thread-safe.
 */
public final class Campaign {
    private final CampaignFolder folder;
    private final ServerAddress server;
    private final List<String> repeated;
    private final Patience patience;
    private CampaignState state;

    private Campaign(
            CampaignFolder folder,
            CampaignState state,
            ServerAddress server,
            List<String> repeated,
            Patience patience) {
        this.folder = folder;
        this.state = state;
        this.server = server;
        this.repeated = List.copyOf(repeated);
        this.patience = patience;
    }

    /**
     * Begins a campaign in a folder, or goes on with the one that is there.
     *
     * @param input empty: the one that is there
     * @param server empty: that of the campaign, and the local one for a new campaign
     * @param repeated further words of the command that calls it again
     * @throws InputException when another campaign is there, or none to go on with
     */
    public static Campaign open(
            Path path, Optional<ExpandedInput> input, Optional<ServerAddress> server, List<String> repeated)
            throws IOException {
        return open(path, input, server, repeated, Patience.STANDARD);
    }

    static Campaign open(
            Path path,
            Optional<ExpandedInput> input,
            Optional<ServerAddress> server,
            List<String> repeated,
            Patience patience)
            throws IOException {
        CampaignFolder folder = new CampaignFolder(path);
        if (input.isEmpty()) {
            requireIn(path);
        }
        Optional<CampaignState> known = folder.state();
        if (input.isPresent() && (known.isEmpty() || makesRoom(known.get(), folder, input.get()))) {
            ServerAddress painter = server.orElse(ServerAddress.LOCAL);
            CampaignState begun = begun(input.get(), painter, known);
            folder.begin(input.get().requests(), begun);
            return new Campaign(folder, begun, painter, repeated, patience);
        }
        CampaignState state = known.orElseThrow();
        if (input.isPresent() && !input.get().sha256().equals(state.requestsSha256())) {
            throw new InputException("another campaign is in " + path + " (" + state.input()
                    + ", perhaps as it was, or with other options): choose another folder with --out");
        }
        // Perhaps others wrote the state.
        ServerAddress noted = ServerAddress.parse(state.server());
        return new Campaign(folder, state, server.orElse(noted), repeated, patience);
    }

    /**
     * Finds out, before anything is written to a folder, whether a campaign is there.
     *
     * @throws InputException when there is none
     */
    public static void requireIn(Path path) {
        if (!new CampaignFolder(path).hasCampaign()) {
            throw new InputException("there is no campaign in " + path + " to go on with: name its prompts");
        }
    }

    /** Whether an input may begin in place of a campaign: nothing came of that, or is going to. */
    private static boolean makesRoom(CampaignState known, CampaignFolder folder, ExpandedInput input)
            throws IOException {
        if (known.fileId().isEmpty()) {
            return true;
        }
        boolean ended = known.batch().filter(CampaignState.Batch::finished).isPresent();
        return ended && !input.sha256().equals(known.requestsSha256()) && folder.paintedRows() == 0;
    }

    /** The same campaign keeps its id, by which the server knows an upload that was not noted here. */
    private static CampaignState begun(ExpandedInput input, ServerAddress server, Optional<CampaignState> known)
            throws IOException {
        CampaignState fresh = CampaignState.begun(server.base(), input.name(), input.sha256());
        return known.filter(fresh::hasSameWork).orElse(fresh);
    }

    /** Where the campaign is painted. */
    public ServerAddress server() {
        return server;
    }

    /**
     * How a run ended.
     *
     * @param pictures how many pictures are in the folder
     * @param manifest the table of them
     * @param gallery the page that shows them
     * @param problems what is left to do, in several lines; empty when nothing is
     */
    public record Outcome(int pictures, Path manifest, Path gallery, Optional<String> problems) {}

    /**
     * Does what is left to do, until the batch has ended and its pictures are here.
     *
     * @param key the API key; it is kept nowhere
     * @param retry whether failed lines are painted again
     * @throws IOException when the server refuses, or is away for too long; a later run goes on
     * @throws InterruptedException when interrupted; likewise
     */
    public Outcome run(String key, boolean retry, CampaignProgress progress) throws IOException, InterruptedException {
        if (state.fileId().isEmpty() && !folder.requests().has(state.requestsSha256())) {
            throw new InputException(
                    folder.requests().path() + " is not what the campaign began with: name its prompts again");
        }
        BatchApi api = new BatchApi(server.base(), key, patience, progress::tell);
        try (CampaignRun run = CampaignRun.open(folder, state.input(), api, patience, progress)) {
            try {
                work(api, run, retry, progress);
            } catch (IOException | InterruptedException | RuntimeException problem) {
                // A file that was being read or written perhaps felt the interrupt; those of the last report must not.
                Thread.interrupted();
                progress.end();
                run.reportAfter(problem);
                throw problem;
            }
            progress.end();
            return outcome(run.lines(), run.report(true));
        } catch (ClosedByInterruptException problem) {
            Thread.interrupted();
            throw new InterruptedException("interrupted");
        }
    }

    private void work(BatchApi api, CampaignRun run, boolean retry, CampaignProgress progress)
            throws IOException, InterruptedException {
        boolean moves = !server.base().equals(state.server());
        boolean open = state.batch().filter(CampaignState.Batch::finished).isEmpty();
        if (moves || open) {
            api.check();
        }
        if (moves) {
            progress.tell("the campaign was on " + state.server() + ", and goes on on " + server.base());
            note(state.movedTo(server.base()));
        }
        if (open) {
            submit(api, progress);
        }
        run.downloadMissing(moves);
        follow(run, progress);
        if (retry && run.hasFailures()) {
            String again = again(api, run).id();
            note(state.with(again));
            progress.tell("batch " + again + " of the lines that failed");
            follow(run, progress);
        }
        run.awaitDownloads();
    }

    /** Of the latest batch that came to anything; when none did, the file begins once more. */
    private BatchStatus again(BatchApi api, CampaignRun run) throws IOException, InterruptedException {
        // A batch that came to nothing must not be found again: each has a key of its own.
        String key = "retry-" + state.id() + "-" + state.batches().size();
        Optional<CampaignState.Batch> last = state.last(run::hasResults);
        return last.isPresent()
                ? api.retryFailed(last.get().id(), key)
                : api.create(state.fileId().orElseThrow(), key);
    }

    private void submit(BatchApi api, CampaignProgress progress) throws IOException, InterruptedException {
        if (state.fileId().isEmpty()) {
            progress.tell("uploading " + state.input() + " to " + state.server());
            note(state.uploaded(api.upload(folder.requests().path(), "file-" + state.id())));
        }
        if (state.batch().isEmpty()) {
            note(state.with(api.create(state.fileId().orElseThrow(), "campaign-" + state.id())
                    .id()));
        }
        progress.tell("batch " + state.batch().orElseThrow().id());
    }

    private void follow(CampaignRun run, CampaignProgress progress) throws IOException, InterruptedException {
        CampaignState.Batch batch = state.batch().orElseThrow();
        if (batch.finished()) {
            return;
        }
        if (state.batches().size() > 1) {
            progress.again();
        }
        BatchStatus end = run.follow(batch.id());
        note(state.finished());
        if (!end.isRefused()) {
            return;
        }
        Listing errors = new Listing();
        end.errors().forEach(errors::add);
        throw new IOException("the server refuses " + state.input() + " as a whole:\n"
                + errors.text("").stripTrailing());
    }

    private void note(CampaignState next) throws IOException {
        folder.write(next);
        state = next;
    }

    private Outcome outcome(int lines, Report report) {
        StringBuilder problems = new StringBuilder();
        if (!report.failed().isEmpty()) {
            problems.append(report.failed().count() + " of " + lines + " lines failed:\n")
                    .append(report.failed().text(": see " + folder.failed()))
                    .append(advice(lines, report));
        }
        if (!report.missing().isEmpty()) {
            problems.append(problems.isEmpty() ? "" : "\n")
                    .append("pictures of " + report.missing().count() + " lines could not be downloaded:\n")
                    .append(report.missing().text(""))
                    .append("They are tried again by " + command(""));
        }
        return new Outcome(
                report.pictures(),
                folder.manifest(),
                folder.gallery(),
                problems.isEmpty() ? Optional.empty() : Optional.of(problems.toString()));
    }

    private String advice(int lines, Report report) {
        if (report.canRetry()) {
            return "They are painted again by " + command("--retry ");
        }
        return report.failed().count() == lines
                ? "Nothing was painted: put them right, and call it again with the same --out"
                : "They would fail again: put them right in a table of their own, with another --out";
    }

    private String command(String options) {
        List<String> words = new ArrayList<>(List.of("--out", folder.path().toString()));
        if (!server.equals(ServerAddress.LOCAL)) {
            words.addAll(List.of("--server", server.base()));
        }
        words.addAll(repeated);
        return "./thunderhead batch " + options
                + words.stream().map(Campaign::quoted).collect(Collectors.joining(" "));
    }

    /** As a word for a shell. */
    private static String quoted(String text) {
        return text.matches("[\\w./:+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The command that goes on with it. */
    public String resumeCommand() {
        return command("");
    }
}
