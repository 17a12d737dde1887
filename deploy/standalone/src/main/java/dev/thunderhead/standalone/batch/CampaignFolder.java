package dev.thunderhead.standalone.batch;

import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * All but the results are written under another name and moved into place, so that what is there is whole.
 *
 * @param path the folder
 */
record CampaignFolder(Path path) {
    private static final String PICTURES = "pictures";
    private static final String UNFINISHED = ".part";

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
     * A picture's file, relative to the folder and with forward slashes.
     *
     * @param stem the row's
     */
    static String picture(String stem, LineResult result, int index) {
        String number = result.pictures().size() == 1 ? "" : "-" + (index + 1);
        return PICTURES + "/" + stem + number + result.pictures().get(index).extension();
    }

    Optional<CampaignState> state() throws IOException {
        Path file = stateFile();
        return Files.exists(file)
                ? Optional.of(Json.read(Files.readAllBytes(file), CampaignState.class))
                : Optional.empty();
    }

    void write(CampaignState state) throws IOException {
        replace(stateFile(), file -> Files.write(file, Json.bytes(state)));
    }

    /**
     * Makes it the folder of a new campaign.
     *
     * @throws InputException when pictures are there: they would be taken for its own
     */
    void begin(Path newRequests, CampaignState state) throws IOException {
        Path pictures = Files.createDirectories(path.resolve(PICTURES));
        try (Stream<Path> earlier = Files.list(pictures)) {
            if (earlier.findAny().isPresent()) {
                throw new InputException(pictures + " is not empty: move it away, or choose another folder with --out");
            }
        }
        Files.deleteIfExists(results());
        replace(requests().path(), file -> Files.copy(newRequests, file, StandardCopyOption.REPLACE_EXISTING));
        // Last: an earlier state does not fit these requests, and nothing is uploaded.
        write(state);
    }

    /** Forgets a campaign of which nothing was painted. */
    void abandon() throws IOException {
        Files.deleteIfExists(stateFile());
    }

    private Path stateFile() {
        return path.resolve("campaign.json");
    }

    /** Writes a file. */
    @FunctionalInterface
    interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes a file beside its place and moves it there. */
    static void replace(Path file, Writing writing) throws IOException {
        writing.to(unfinished(file));
        finish(file);
    }

    /** Where a file is written until it is whole. */
    static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }

    /** Moves a file that is whole into its place. */
    static void finish(Path file) throws IOException {
        Files.move(unfinished(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
