package dev.thunderhead.standalone.batch;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.model.ImageSize;

/** Reads the parameters that stand in a row, by the API's own rules. All throw {@link InputException}. */
final class RowValues {
    private static final String NATIVE_SIZE = "auto";

    private static final int LONGEST_SHOWN = 40;

    private RowValues() {}

    static long count(String text) {
        return whole("n", text, 1, GenerationRequest.MAX_COUNT);
    }

    static long seed(String text) {
        return whole("seed", text, 0, GenerationRequest.MAX_SEED);
    }

    static String checkSize(String text) {
        try {
            return text.equals(NATIVE_SIZE) ? text : ImageSize.parse(text).toString();
        } catch (IllegalArgumentException problem) {
            throw new InputException("size is '" + shown(text) + "', but " + problem.getMessage());
        }
    }

    static String checkPrompt(String prompt) {
        if (prompt.isBlank()) {
            throw new InputException("the prompt is empty");
        }
        if (prompt.codePointCount(0, prompt.length()) > GenerationRequest.MAX_PROMPT) {
            throw new InputException("the prompt is longer than " + GenerationRequest.MAX_PROMPT + " characters");
        }
        return prompt;
    }

    private static long whole(String name, String text, long min, long max) {
        // Without the signs and the foreign digits that Java would read.
        if (text.matches("[0-9]{1,18}")) {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw new InputException(
                name + " is '" + shown(text) + "', but must be a whole number from " + min + " to " + max);
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_SHOWN ? line : Beginning.of(line, LONGEST_SHOWN) + "…";
    }
}
