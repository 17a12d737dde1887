package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A campaign in its folder: one input, the batch of it and perhaps batches of its failed lines, and their pictures. Each
 * step is noted in the folder before the next one is taken, so that a run which ends anywhere is taken up by the next. One
 * run at a time; not thread-safe.
 */
public final class Campaign {
    private final CampaignFolder folder;
    private final ServerAddress server;
    private final NextCommand next;
    private final Patience patience;
    private CampaignState state;
    /** The lines of a campaign that is not in its folder yet. */
    private Optional<Path> fresh;

    private Campaign(
            CampaignFolder folder,
            CampaignState state,
            Optional<Path> fresh,
            ServerAddress server,
            List<String> repeated,
            Patience patience) {
        this.folder = folder;
        this.state = state;
        this.fresh = fresh;
        this.server = server;
        boolean local = server.equals(ServerAddress.LOCAL) && isOn(server, state);
        this.next = new NextCommand(folder.path(), local ? Optional.empty() : Optional.of(server), repeated);
        this.patience = patience;
    }

    private static boolean isOn(ServerAddress server, CampaignState state) {
        return server.base().equals(state.server());
    }

    /**
     * Takes up the campaign in a folder, or prepares a new one, which takes the folder when it runs.
     *
     * @param input stays until the campaign has run; empty: the one that is there
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
        folder.requireNoLinks();
        Optional<CampaignState> known = folder.state();
        if (input.isPresent() && (known.isEmpty() || makesRoom(known.get(), folder, input.get()))) {
            ServerAddress painter = server.orElse(ServerAddress.LOCAL);
            Optional<Path> requests = Optional.of(input.get().requests());
            return new Campaign(folder, begun(input.get(), painter, known), requests, painter, repeated, patience);
        }
        CampaignState state = known.orElseThrow();
        if (input.isPresent() && !input.get().sha256().equals(state.requestsSha256())) {
            throw new InputException("another campaign is in " + path + " (" + state.input()
                    + ", perhaps as it was, or with other options): choose another folder with --out");
        }
        // Perhaps others wrote the state.
        ServerAddress noted = ServerAddress.parse(state.server());
        return new Campaign(folder, state, Optional.empty(), server.orElse(noted), repeated, patience);
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

    /**
     * Finds out likewise whether a folder is a campaign's, or free for one.
     *
     * @throws InputException when it holds what a campaign would overwrite, or take for its own
     */
    public static void requireRoomIn(Path path) throws IOException {
        CampaignFolder folder = new CampaignFolder(path);
        if (!folder.hasCampaign()) {
            folder.requireFree();
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
    private static CampaignState begun(ExpandedInput input, ServerAddress server, Optional<CampaignState> known) {
        CampaignState fresh = CampaignState.begun(server.base(), input.name(), input.sha256());
        return known.filter(fresh::hasSameWork).orElse(fresh);
    }

    /** Where the campaign is painted. */
    public ServerAddress server() {
        return server;
    }

    /**
     * Does what is left to do, until the batch has ended and its pictures are here.
     *
     * @param key the API key; it is kept nowhere
     * @param retry whether failed lines are painted again
     * @throws IOException when the server refuses, or is away for too long; a later run goes on
     * @throws InterruptedException when interrupted; likewise
     */
    public Outcome run(String key, boolean retry, CampaignProgress progress) throws IOException, InterruptedException {
        if (fresh.isPresent()) {
            begin();
        } else if (state.fileId().isEmpty() && !folder.requests().has(state.requestsSha256())) {
            throw new InputException(
                    folder.requests().path() + " is not what the campaign began with: name its prompts again");
        }
        BatchApi api = new BatchApi(server.base(), key, patience, progress::tell);
        try (CampaignRun run = CampaignRun.open(folder, state.input(), api, patience, progress)) {
            try {
                work(api, run, retry, progress);
            } catch (IOException | InterruptedException | RuntimeException problem) {
                progress.end();
                run.reportAfter(problem);
                if (!(problem instanceof RefusedException || problem instanceof RuntimeException)) {
                    progress.tell(farewell());
                }
                throw problem;
            }
            progress.end();
            return Outcome.of(folder, run.lines(), run.report(true), next);
        }
    }

    /** Makes the folder that of the campaign. */
    void begin() throws IOException {
        folder.begin(fresh.orElseThrow(), state);
        fresh = Optional.empty();
    }

    private String farewell() {
        boolean running = state.batch().filter(batch -> !batch.finished()).isPresent();
        return "stopped here" + (running ? "; the batch goes on on the server" : "") + ". Take it up again with "
                + next.resume();
    }

    private void work(BatchApi api, CampaignRun run, boolean retry, CampaignProgress progress)
            throws IOException, InterruptedException {
        boolean moves = !isOn(server, state);
        if (moves || state.batch().isEmpty()) {
            api.check();
        }
        if (moves) {
            progress.tell("the campaign was on " + state.server() + ", and goes on on " + server.base());
        }
        submit(api, progress);
        run.downloadMissing(moves);
        if (!isOver(run, retry)) {
            progress.tell("batch " + state.batch().orElseThrow().id());
            follow(run, progress);
        }
        if (retry && run.hasFailures()) {
            String again = again(api, run).id();
            note(state.with(again));
            progress.tell("batch " + again + " of the lines that failed");
            follow(run, progress);
        }
        run.awaitDownloads();
        if (moves) {
            // Only now: a run that ends before it has all the new addresses must not leave the old ones to the next.
            note(state.movedTo(server.base()));
        }
    }

    /** Whether the latest batch tells nothing new. Of a campaign that came to nothing, only the server knows why. */
    private boolean isOver(CampaignRun run, boolean retry) {
        return state.batch().orElseThrow().finished()
                && (retry || state.last(run::hasResults).isPresent());
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
            progress.tell("uploading " + state.input() + " to " + server.base());
            note(state.uploaded(api.upload(folder.requests().path(), "file-" + state.id())));
        }
        if (state.batch().isEmpty()) {
            note(state.with(api.create(state.fileId().orElseThrow(), "campaign-" + state.id())
                    .id()));
        }
    }

    private void follow(CampaignRun run, CampaignProgress progress) throws IOException, InterruptedException {
        CampaignState.Batch batch = state.batch().orElseThrow();
        if (state.batches().size() > 1) {
            progress.again();
        }
        BatchStatus end = run.follow(batch.id());
        note(state.finished());
        if (end.hasFailed() && !run.hasResults(batch)) {
            Listing errors = new Listing();
            end.errors().forEach(errors::add);
            throw new RefusedException("the server refuses " + state.input() + " as a whole:\n"
                    + errors.text("").stripTrailing());
        }
        end.errors().forEach(error -> progress.tell("batch " + batch.id() + " " + end.status() + ": " + error));
    }

    private void note(CampaignState reached) throws IOException {
        folder.write(reached);
        state = reached;
    }
}
