package dev.thunderhead.standalone.batch;

import java.io.IOException;

/** An input with a row for each line of the batch. */
interface RequestSource {
    /**
     * Reads it from start to end.
     *
     * @throws InputException when it is none as a whole
     */
    void readInto(RequestSink sink) throws IOException;
}
