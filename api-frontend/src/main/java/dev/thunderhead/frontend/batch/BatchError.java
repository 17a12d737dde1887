package dev.thunderhead.frontend.batch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a batch's file is refused.
 *
 * @param code for programs
 * @param message for people: what is wrong and what to do
 * @param line from 1; empty where it is about the whole file
 * @param param the part of the line that is to blame, if one is
 */
public record BatchError(String code, String message, Optional<Integer> line, Optional<String> param) {
    static BatchError ofFile(String code, String message) {
        return new BatchError(code, message, Optional.empty(), Optional.empty());
    }

    static BatchError ofLine(int line, String code, String message, @Nullable String param) {
        return new BatchError(code, "line " + line + ": " + message, Optional.of(line), Optional.ofNullable(param));
    }
}
