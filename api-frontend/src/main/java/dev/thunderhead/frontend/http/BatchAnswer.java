package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.batch.Batch;
import dev.thunderhead.frontend.batch.BatchError;
import dev.thunderhead.frontend.batch.BatchId;
import dev.thunderhead.frontend.batch.BatchStatus;
import dev.thunderhead.frontend.batch.Batching;
import dev.thunderhead.frontend.batch.Tally;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.job.WaitEstimate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch in JSON, in OpenAI's form. Times are unix seconds.
 *
 * @param etaSeconds until all lines have ended; ours
 * @param linesPerSecond how many end at present; ours
 * @param retryOf the batch whose failed lines these are; ours
 */
record BatchAnswer(
        BatchId id,
        String object,
        String endpoint,
        Optional<String> model,
        @Nullable Errors errors,
        @JsonProperty("input_file_id") FileId inputFileId,
        @JsonProperty("completion_window") String completionWindow,
        BatchStatus status,
        @JsonProperty("output_file_id") Optional<FileId> outputFileId,
        @JsonProperty("error_file_id") Optional<FileId> errorFileId,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("in_progress_at") @Nullable Long inProgressAt,
        @JsonProperty("expires_at") long expiresAt,
        @JsonProperty("finalizing_at") @Nullable Long finalizingAt,
        @JsonProperty("completed_at") @Nullable Long completedAt,
        @JsonProperty("failed_at") @Nullable Long failedAt,
        @JsonProperty("expired_at") @Nullable Long expiredAt,
        @JsonProperty("cancelling_at") @Nullable Long cancellingAt,
        @JsonProperty("cancelled_at") @Nullable Long cancelledAt,
        @JsonProperty("request_counts") Counts requestCounts,
        Usage usage,
        Map<String, String> metadata,
        @JsonProperty("eta_seconds") JobResources.Resource.@Nullable Eta etaSeconds,
        @JsonProperty("lines_per_second") @Nullable Double linesPerSecond,
        @JsonProperty("retry_of") Optional<BatchId> retryOf) {
    private static final double TENTHS = 10;

    record Errors(String object, List<BatchError> data) {}

    record Counts(int total, int completed, int failed) {}

    /** Of all that is completed; nothing here is cached, and nothing reasons. */
    record Usage(
            @JsonProperty("input_tokens") long inputTokens,
            @JsonProperty("input_tokens_details") InputDetails inputDetails,
            @JsonProperty("output_tokens") long outputTokens,
            @JsonProperty("output_tokens_details") OutputDetails outputDetails,
            @JsonProperty("total_tokens") long totalTokens) {
        record InputDetails(@JsonProperty("cached_tokens") long cachedTokens) {}

        record OutputDetails(
                @JsonProperty("reasoning_tokens") long reasoningTokens) {}

        static Usage of(Tally tally) {
            return new Usage(
                    tally.inputTokens(),
                    new InputDetails(0),
                    tally.outputTokens(),
                    new OutputDetails(0),
                    tally.inputTokens() + tally.outputTokens());
        }
    }

    static BatchAnswer of(Batch batch) {
        Batch.Feed feed = batch.feed();
        boolean written = batch.status().isFinal();
        return new BatchAnswer(
                batch.id(),
                "batch",
                Batching.ENDPOINT,
                feed.model(),
                batch.errors().isEmpty() ? null : new Errors("list", batch.errors()),
                batch.order().input(),
                batch.order().window(),
                batch.status(),
                batch.output().filter(file -> written),
                batch.errorFile().filter(file -> written),
                batch.createdAt().getEpochSecond(),
                at(batch, BatchStatus.IN_PROGRESS),
                batch.order().expiresAt().getEpochSecond(),
                at(batch, BatchStatus.FINALIZING),
                at(batch, BatchStatus.COMPLETED),
                at(batch, BatchStatus.FAILED),
                at(batch, BatchStatus.EXPIRED),
                at(batch, BatchStatus.CANCELLING),
                at(batch, BatchStatus.CANCELLED),
                new Counts(feed.total(), feed.tally().completed(), feed.tally().failed()),
                Usage.of(feed.tally()),
                batch.order().metadata(),
                eta(batch),
                batch.status() == BatchStatus.IN_PROGRESS
                        ? feed.perSecond()
                                .map(rate -> Math.round(rate * TENTHS) / TENTHS)
                                .orElse(null)
                        : null,
                batch.order().retryOf());
    }

    private static JobResources.Resource.@Nullable Eta eta(Batch batch) {
        Batch.Feed feed = batch.feed();
        int left = feed.total() - feed.results();
        return batch.status() == BatchStatus.IN_PROGRESS && left > 0
                ? feed.perSecond()
                        .map(rate -> JobResources.Resource.Eta.of(WaitEstimate.until(left, rate)))
                        .orElse(null)
                : null;
    }

    private static @Nullable Long at(Batch batch, BatchStatus status) {
        Instant since = batch.since().get(status);
        return since == null ? null : since.getEpochSecond();
    }
}
