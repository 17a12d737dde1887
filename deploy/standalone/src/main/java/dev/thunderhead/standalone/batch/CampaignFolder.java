package dev.thunderhead.standalone.batch;

import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of a campaign:
 *
 * <pre>
 * pictures/      00012-red-mug.png …     index.html      a gallery of them
 * manifest.csv   a row for each picture  failed.csv      a row for each line that failed
 * campaign.json  how far it is           requests.jsonl  what was uploaded
 * results.jsonl  what came back          campaign.lock   held while a run works on it
 * </pre>
 *
 * All but the results are written under another name and moved into place, so that what is there is whole. Perhaps others
 * made the folder: nothing is written through links that lie in it.
 *
 * @param path the folder
 */
record CampaignFolder(Path path) {
    private static final String PICTURES = "pictures";
    private static final String UNFINISHED = ".part";
    /** What the Finder leaves in every folder that it shows. */
    private static final String FINDER = ".DS_Store";

    CampaignFolder {
        path = path.toAbsolutePath().normalize();
    }

    RequestsFile requests() {
        return new RequestsFile(path.resolve("requests.jsonl"));
    }

    Path results() {
        return path.resolve("results.jsonl");
    }

    Path manifest() {
        return path.resolve("manifest.csv");
    }

    Path failed() {
        return path.resolve("failed.csv");
    }

    Path gallery() {
        return path.resolve("index.html");
    }

    /**
     * A picture's file, relative to the folder and with forward slashes. What was finished of a line that failed is named by
     * its seed: painted again, the line has pictures of the usual names, and perhaps others.
     *
     * @param stem the row's
     */
    static String picture(String stem, LineResult result, int index) {
        LineResult.Picture picture = result.pictures().get(index);
        String number = result.pictures().size() == 1 ? "" : "-" + (index + 1);
        String which = result.failure().isPresent() && picture.seed().isPresent()
                ? "-seed-" + picture.seed().getAsLong()
                : number;
        return PICTURES + "/" + stem + which + picture.extension();
    }

    /**
     * The campaign in it; empty when there is none.
     *
     * @throws InputException when nobody can tell
     */
    Optional<CampaignState> state() throws IOException {
        try {
            return hasCampaign()
                    ? Optional.of(Json.read(Files.readAllBytes(stateFile()), CampaignState.class))
                    : Optional.empty();
        } catch (MalformedRecordException problem) {
            throw InputException.damaged(stateFile().toString());
        }
    }

    /**
     * Finds out whether what is written in place, or below, stays in the folder.
     *
     * @throws InputException when it does not
     */
    void requireNoLinks() {
        for (Path own : List.of(pictures(), results())) {
            if (Files.isSymbolicLink(own)) {
                throw new InputException(own + " is a link out of the folder: choose another folder with --out");
            }
        }
    }

    void write(CampaignState state) throws IOException {
        replace(stateFile(), file -> Files.write(file, Json.bytes(state), StandardOpenOption.CREATE_NEW));
    }

    /**
     * Makes it the folder of a new campaign, in place of one of which nothing was painted.
     *
     * @throws InputException when it is not free for it
     */
    void begin(Path newRequests, CampaignState state) throws IOException {
        requireFree();
        Files.createDirectories(pictures());
        Files.deleteIfExists(results());
        // First: it does not fit earlier requests, so that those are not uploaded, and tells whose the other files are.
        write(state);
        replace(requests().path(), file -> Files.copy(newRequests, file));
    }

    /**
     * Finds out whether a campaign may begin in it.
     *
     * @throws InputException when pictures are there, which would be taken for its own, or files that are of no campaign
     */
    void requireFree() throws IOException {
        if (!hasCampaign()) {
            refuseOthersFiles();
        }
        if (!Files.isDirectory(pictures())) {
            return;
        }
        try (Stream<Path> earlier = Files.list(pictures())) {
            if (earlier.anyMatch(file -> !file.endsWith(FINDER))) {
                throw new InputException(
                        pictures() + " is not empty: move it away, or choose another folder with --out");
            }
        }
    }

    private void refuseOthersFiles() {
        for (Path file : List.of(gallery(), manifest(), failed(), requests().path(), results())) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new InputException(
                        file + " would be overwritten, and is of no campaign in this folder: move it away,"
                                + " or choose another folder with --out");
            }
        }
    }

    /** How many rows of the campaign have pictures, here or on the server. */
    int paintedRows() throws IOException {
        try (ResultsLog results =
                ResultsLog.open(results(), RowIndex.of(requests()).size())) {
            return results.pictured();
        }
    }

    /** Whether a campaign has begun in it. */
    boolean hasCampaign() {
        return Files.exists(stateFile());
    }

    private Path stateFile() {
        return path.resolve("campaign.json");
    }

    private Path pictures() {
        return path.resolve(PICTURES);
    }

    /** Writes a file that is not there. */
    @FunctionalInterface
    interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes a file beside its place and moves it there. */
    static void replace(Path file, Writing writing) throws IOException {
        writing.to(unfinished(file));
        finish(file);
    }

    /** Where a file is written until it is whole. What an earlier run, or somebody else, has left there goes away. */
    static Path unfinished(Path file) throws IOException {
        Path place = part(file);
        Files.deleteIfExists(place);
        return place;
    }

    /** Moves a file that is whole into its place. */
    static void finish(Path file) throws IOException {
        Files.move(part(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }
}
