package dev.thunderhead.frontend.batch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a batch has failed.
 *
 * @param code for programs
 * @param message for people: what is wrong and what to do
 * @param line from 1; empty where it is about the whole file or batch
 * @param param the part of the line that is to blame, if one is
 */
public record BatchError(String code, String message, Optional<Integer> line, Optional<String> param) {
    private static final String INPUT_LOST = "input_lost";
    private static final String RESULTS_LOST = "results_lost";

    static BatchError ofFile(String code, String message) {
        return new BatchError(code, message, Optional.empty(), Optional.empty());
    }

    static BatchError ofLostInput() {
        return ofFile(
                INPUT_LOST,
                "the lines of this batch were lost, and those in neither file have no result here: create a new batch with"
                        + " the input file");
    }

    boolean isOfLostInput() {
        return code.equals(INPUT_LOST);
    }

    static BatchError ofLostResults(int lines) {
        return ofFile(
                RESULTS_LOST,
                "what " + lines + " lines had come to has gone from the store, and they are in neither file: create a"
                        + " batch of those lines, or call retry_failed, which does it");
    }

    boolean isOfLostResults() {
        return code.equals(RESULTS_LOST);
    }

    static BatchError ofLine(int line, String code, String message, @Nullable String param) {
        return new BatchError(code, "line " + line + ": " + message, Optional.of(line), Optional.ofNullable(param));
    }
}
