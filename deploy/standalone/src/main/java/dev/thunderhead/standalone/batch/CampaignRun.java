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
    /** Rows with pictures that are not at the addresses that their results have. */
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
        this.downloads = new Downloads(patience, progress::tell, progress::saved);
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
            if (result.isPresent() && result.get().failure().isEmpty()) {
                Map<Path, LineResult.Picture> files = files(result.get());
                if (files.keySet().stream().allMatch(Files::exists)) {
                    progress.wasSaved();
                } else if (moved) {
                    outdated.add(row);
                } else {
                    downloads.add(row, files);
                    reportWhenDue();
                }
            }
        }
    }

    /** Reads a batch's results until it has ended and none is left, and returns how it ended. */
    BatchStatus follow(String batch) throws IOException, InterruptedException {
        followed = Optional.of(batch);
        while (true) {
            // Before the results: when it has ended by now, they are all there.
            BatchStatus status = api.batch(batch);
            eta = status.eta();
            if (!status.isRefused()) {
                read(batch, results.lastId(batch).orElse(""), row -> true);
            }
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
                    if (result.failure().isEmpty()) {
                        downloads.add(row, files(result));
                    }
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
        progress.update(failed + downloads.missing().size(), eta);
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
        outdated.addAll(downloads.refused());
        // Only now: an older result that comes once more would tell the next look at its batch to begin there.
        renewAddresses(outdated);
        downloads.await();
        update();
    }

    /** Addresses at a store work for a while only, but each look at the results gives new ones. */
    private void renewAddresses(Set<Integer> wanted) throws IOException, InterruptedException {
        Map<String, Set<Integer>> byBatch = new LinkedHashMap<>();
        for (int row : wanted) {
            byBatch.computeIfAbsent(results.of(row).orElseThrow().batch(), batch -> new HashSet<>())
                    .add(row);
        }
        for (Map.Entry<String, Set<Integer>> batch : byBatch.entrySet()) {
            read(batch.getKey(), "", batch.getValue()::contains);
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
