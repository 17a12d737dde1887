package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The ends of a job that its owner may be called for. */
public enum JobEvent implements CallbackEvent {
    COMPLETED("image.generation.completed"),
    FAILED("image.generation.failed"),
    CANCELLED("image.generation.cancelled");

    private final String type;

    JobEvent(String type) {
        this.type = type;
    }

    /**
     * The event of that type.
     *
     * @throws IllegalArgumentException when there is none
     */
    @JsonCreator
    public static JobEvent ofType(String type) {
        return Arrays.stream(values())
                .filter(event -> event.type.equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such event"));
    }

    @Override
    @JsonValue
    public String type() {
        return type;
    }
}
