package dev.thunderhead.frontend.batch;

/** What a line of a batch's file turned out to be. */
sealed interface InputLine {
    /** Nothing. */
    record Blank() implements InputLine {}

    /**
     * A request; its body may still be refused.
     *
     * @param customId its owner's name for it, unique in the file
     * @param body what a synchronous call would send
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String customId, byte[] body) implements InputLine {}

    /** No request: the whole file is refused. */
    record Malformed(BatchError error) implements InputLine {}
}
