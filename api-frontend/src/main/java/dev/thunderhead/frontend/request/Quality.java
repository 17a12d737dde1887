package dev.thunderhead.frontend.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.model.ModelDescriptor;
import java.util.Comparator;

/**
 * OpenAI's names for how much work goes into a picture: 2, 4 or 8 denoising steps. Where a model was not distilled for
 * that count, its nearest one is taken, and of two the larger.
 */
public enum Quality {
    @JsonProperty("low")
    LOW(2),
    @JsonProperty("medium")
    MEDIUM(4),
    @JsonProperty("high")
    HIGH(8);

    private final int steps;

    Quality(int steps) {
        this.steps = steps;
    }

    /** The denoising steps that this quality means with the model. */
    public int stepsOf(ModelDescriptor model) {
        Comparator<Integer> byDistance = Comparator.comparingInt(count -> Math.abs(count - steps));
        return model.stepCounts().stream()
                .min(byDistance.thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** The quality that a number of steps amounts to. */
    public static Quality ofSteps(int steps) {
        if (steps <= LOW.steps) {
            return LOW;
        }
        return steps <= MEDIUM.steps ? MEDIUM : HIGH;
    }
}
