package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A batch as the API shows it.
 *
 * @param status the API's word for where it is
 * @param eta when half of all such batches would have ended; empty when the server does not know
 * @param errors what is wrong with the file, or was lost, in words
 */
record BatchStatus(String id, String status, Optional<Duration> eta, List<String> errors) {
    private static final Set<String> ENDED = Set.of("failed", "completed", "expired", "cancelled");
    private static final String FAILED = "failed";

    static BatchStatus read(JsonNode batch) {
        List<String> errors = new ArrayList<>();
        for (JsonNode error : batch.path("errors").path("data")) {
            String row =
                    error.path("line").isInt() ? "row " + error.path("line").asInt() + ": " : "";
            errors.add(row + error.path("message").asText(error.path("code").asText()));
        }
        JsonNode eta = batch.path("eta_seconds").path("p50");
        return new BatchStatus(
                batch.path("id").asText(),
                batch.path("status").asText(),
                eta.isNumber() ? Optional.of(Duration.ofMillis(Math.round(eta.asDouble() * 1000))) : Optional.empty(),
                errors);
    }

    /** Whether nothing more will happen, and all results can be read. */
    boolean hasEnded() {
        return ENDED.contains(status);
    }

    /** Whether its file was refused, or something was lost: what has results by then keeps them. */
    boolean hasFailed() {
        return status.equals(FAILED);
    }
}
