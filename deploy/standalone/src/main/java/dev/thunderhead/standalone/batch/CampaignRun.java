package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * One run of a campaign: reads results as lines end, has their pictures downloaded, and keeps the report up to date. Not
 * thread-safe.
 */
final class CampaignRun implements AutoCloseable {
    private static final Duration REPORT_PAUSE = Duration.ofSeconds(10);
    /** Of the time, at most such a part goes into reports, however large they are. */
    private static final int REPORT_SHARE = 20;

    private final CampaignFolder folder;
    private final String input;
    private final BatchApi api;
    private final Patience patience;
    private final CampaignProgress progress;
    private final RowIndex rows;
    private final ResultsLog results;
    private final Downloads downloads;
    /** Rows whose results have addresses of another server. */
    private final Set<Integer> outdated = new HashSet<>();

    private Optional<String> followed = Optional.empty();
    private Optional<Duration> eta = Optional.empty();
    private long nextReport = System.nanoTime();

    private CampaignRun(
            CampaignFolder folder,
            String input,
            BatchApi api,
            Patience patience,
            CampaignProgress progress,
            RowIndex rows,
            ResultsLog results) {
        this.folder = folder;
        this.input = input;
        this.api = api;
        this.patience = patience;
        this.progress = progress;
        this.rows = rows;
        this.results = results;
        this.downloads = new Downloads(patience, progress::tell);
    }

    /**
     * Begins a run.
     *
     * @param input names the campaign
     */
    static CampaignRun open(
            CampaignFolder folder, String input, BatchApi api, Patience patience, CampaignProgress progress)
            throws IOException {
        RowIndex rows = RowIndex.of(folder.requests());
        ResultsLog results = ResultsLog.open(folder.results(), rows.size());
        progress.begin(rows.size(), results.failed());
        return new CampaignRun(folder, input, api, patience, progress, rows, results);
    }

    /** How many lines the campaign has. */
    int lines() {
        return rows.size();
    }

    /** Whether a line has no pictures, once the batch has ended. */
    boolean hasFailures() {
        return results.painted() < rows.size();
    }

    /** Whether anything came of a batch: one that was cancelled before its file was read has not a single result. */
    boolean hasResults(CampaignState.Batch batch) {
        return results.lastId(batch.id()).isPresent();
    }

    /**
     * Has the pictures of earlier runs' results downloaded, where they are not here.
     *
     * @param moved whether they are elsewhere now than those results say
     */
    void downloadMissing(boolean moved) throws IOException, InterruptedException {
        for (int row = 1; row <= rows.size(); row++) {
            Optional<LineResult> result = results.of(row);
            if (result.isPresent()) {
                downloadMissing(result.get(), moved);
            }
        }
    }

    private void downloadMissing(LineResult result, boolean moved) throws IOException, InterruptedException {
        if (!files(result).keySet().stream().allMatch(Files::exists)) {
            if (moved) {
                outdated.add(result.row());
            } else {
                download(result);
                reportWhenDue();
            }
        } else if (result.failure().isEmpty()) {
            progress.wasSaved();
        }
    }

    private void download(LineResult result) throws IOException, InterruptedException {
        // A line that failed counts as such, whatever was finished of it.
        Runnable saved = result.failure().isEmpty() ? progress::saved : () -> {};
        if (!result.pictures().isEmpty()) {
            downloads.add(result.row(), files(result), saved);
        }
    }

    /** Reads a batch's results until it has ended and none is left, and returns how it ended. */
    BatchStatus follow(String batch) throws IOException, InterruptedException {
        followed = Optional.of(batch);
        while (true) {
            // Before the results: when it has ended by now, they are all there.
            BatchStatus status = api.batch(batch);
            eta = status.eta();
            read(batch, results.lastId(batch).orElse(""), row -> true);
            update();
            if (status.hasEnded()) {
                eta = Optional.empty();
                return status;
            }
            reportWhenDue();
            Thread.sleep(patience.poll().toMillis());
        }
    }

    private void read(String batch, String after, IntPredicate wanted) throws IOException, InterruptedException {
        String last = after;
        boolean more = true;
        while (more) {
            JsonNode page = api.results(batch, last);
            for (JsonNode line : page.path("data")) {
                String id = line.path("custom_id").asText();
                int row = rows.row(id)
                        .orElseThrow(
                                () -> new IOException("batch " + batch + " has a line that is not of this campaign"));
                LineResult result = LineResult.read(batch, row, line);
                last = result.id();
                if (wanted.test(row)) {
                    results.append(result);
                    download(result);
                }
            }
            more = page.path("has_more").asBoolean() && !page.path("data").isEmpty();
            if (more) {
                update();
                reportWhenDue();
            }
        }
    }

    private void update() {
        // What failed in an earlier batch is being painted again.
        int failed = followed.isPresent() ? results.failed(followed.get()) : results.failed();
        long missing = downloads.missing().keySet().stream()
                .filter(row -> !results.hasFailed(row))
                .count();
        progress.update(failed + (int) missing, eta);
    }

    private Map<Path, LineResult.Picture> files(LineResult result) {
        Map<Path, LineResult.Picture> files = new LinkedHashMap<>();
        for (int index = 0; index < result.pictures().size(); index++) {
            String file = CampaignFolder.picture(rows.fileStem(result.row()), result, index);
            files.put(folder.path().resolve(file), result.pictures().get(index));
        }
        return files;
    }

    /** Waits until every picture is here, or could not be had. */
    void awaitDownloads() throws IOException, InterruptedException {
        downloads.await();
        outdated.addAll(downloads.missing().keySet());
        // Only now: an older result that comes once more would tell the next look at its batch to begin there.
        renewAddresses(outdated);
        downloads.await();
        update();
    }

    /**
     * Each look at the results gives the addresses of now: those at a store work for a while only, and others were wrong, or
     * are those of a server that has moved.
     */
    private void renewAddresses(Set<Integer> wanted) throws IOException, InterruptedException {
        Map<String, Set<Integer>> byBatch = new LinkedHashMap<>();
        for (int row : wanted) {
            byBatch.computeIfAbsent(results.of(row).orElseThrow().batch(), batch -> new HashSet<>())
                    .add(row);
        }
        for (Map.Entry<String, Set<Integer>> batch : byBatch.entrySet()) {
            try {
                read(batch.getKey(), "", batch.getValue()::contains);
            } catch (RefusedException problem) {
                progress.tell("there are no other addresses of missing pictures: " + problem.getMessage());
            }
        }
    }

    /** So that the gallery keeps up, also while there is much to catch up with. */
    private void reportWhenDue() throws IOException {
        if (System.nanoTime() - nextReport > 0) {
            report(false);
        }
    }

    /** Writes the report of a run that has failed; what fails now is suppressed onto that. */
    void reportAfter(Exception problem) {
        try {
            report(false);
        } catch (IOException | RuntimeException later) {
            problem.addSuppressed(later);
        }
    }

    /**
     * Writes the report anew.
     *
     * @param ended whether a row without a result has failed
     */
    Report report(boolean ended) throws IOException {
        long start = System.nanoTime();
        Report report = new Report(folder, results, downloads.missing(), ended);
        report.write(String.valueOf(Path.of(input).getFileName()));
        long end = System.nanoTime();
        nextReport = end + Math.max(REPORT_PAUSE.toNanos(), REPORT_SHARE * (end - start));
        return report;
    }

    @Override
    public void close() throws IOException {
        try (results) {
            downloads.close();
        }
    }
}
