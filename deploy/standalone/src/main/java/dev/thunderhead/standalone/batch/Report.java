package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * What can be looked at: manifest, failed lines and gallery, all in the order of the rows. Not thread-safe.
 */
final class Report {
    private static final LineResult.Failure NO_RESULT =
            new LineResult.Failure("", "no_result", "the batch ended without a result for it");

    private final CampaignFolder folder;
    private final ResultsLog results;
    private final Map<Integer, String> problems;
    private final boolean ended;
    private final Listing failed = new Listing();
    private final Listing missing = new Listing();
    private int pictures;
    private boolean canRetry;

    /**
     * A report of what is there now.
     *
     * @param problems why pictures are missing, by row
     * @param ended whether a row without a result has failed
     */
    Report(CampaignFolder folder, ResultsLog results, Map<Integer, String> problems, boolean ended) {
        this.folder = folder;
        this.results = results;
        this.problems = problems;
        this.ended = ended;
    }

    /**
     * Writes it, once.
     *
     * @param title stands above the gallery
     */
    void write(String title) throws IOException {
        try (TableWriter manifest = new TableWriter(
                        CampaignFolder.unfinished(folder.manifest()), "name", "prompt", "seed", "url", "file");
                TableWriter failures = new TableWriter(
                        CampaignFolder.unfinished(folder.failed()), "row", "name", "prompt", "code", "message");
                GalleryWriter gallery = new GalleryWriter(CampaignFolder.unfinished(folder.gallery()), title)) {
            folder.requests().forEach(request -> {
                Optional<LineResult> result = results.of(request.row());
                Optional<LineResult.Failure> failure = result.isPresent()
                        ? result.get().failure()
                        : Optional.of(NO_RESULT).filter(none -> ended);
                if (failure.isPresent()) {
                    fail(request, failure.get(), failures, gallery);
                }
                if (result.isPresent()) {
                    show(request, result.get(), manifest, gallery);
                }
            });
        }
        CampaignFolder.finish(folder.manifest());
        CampaignFolder.finish(folder.failed());
        CampaignFolder.finish(folder.gallery());
    }

    private void fail(Request request, LineResult.Failure failure, TableWriter failures, GalleryWriter gallery)
            throws IOException {
        failures.row(
                Integer.toString(request.row()), request.title(), request.prompt(), failure.code(), failure.message());
        gallery.failure(request.reference(), request.prompt(), failure.message());
        failed.add(entry(request, failure.message() + " (" + failure.code() + ")"));
        canRetry |= !failure.isRefusal();
    }

    private void show(Request request, LineResult result, TableWriter manifest, GalleryWriter gallery)
            throws IOException {
        boolean complete = true;
        for (int index = 0; index < result.pictures().size(); index++) {
            LineResult.Picture picture = result.pictures().get(index);
            String file = CampaignFolder.picture(request.fileStem(), result, index);
            String seed =
                    picture.seed().isPresent() ? Long.toString(picture.seed().getAsLong()) : "";
            boolean there = Files.exists(folder.path().resolve(file));
            manifest.row(request.title(), request.prompt(), seed, picture.url(), there ? file : "");
            if (there) {
                gallery.picture(file, request.title(), request.prompt(), seed);
                pictures++;
            }
            complete &= there;
        }
        if (!complete) {
            missing.add(entry(request, problems.getOrDefault(request.row(), "it is still to be downloaded")));
        }
    }

    private static String entry(Request request, String problem) {
        return request.reference() + ": " + problem;
    }

    /** Lines that the server could not paint. */
    Listing failed() {
        return failed;
    }

    /** Whether any of them can come to more when it is tried again. */
    boolean canRetry() {
        return canRetry;
    }

    /** Rows with pictures that are not there yet. */
    Listing missing() {
        return missing;
    }

    /** How many pictures are there. */
    int pictures() {
        return pictures;
    }
}
