package dev.thunderhead.job;

/** The ends of a batch that its owner may be called for; OpenAI's. */
public enum BatchEvent implements CallbackEvent {
    COMPLETED("batch.completed"),
    FAILED("batch.failed"),
    EXPIRED("batch.expired"),
    CANCELLED("batch.cancelled");

    private final String type;

    BatchEvent(String type) {
        this.type = type;
    }

    @Override
    public String type() {
        return type;
    }
}
