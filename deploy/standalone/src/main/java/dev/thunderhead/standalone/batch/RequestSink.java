package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Takes the rows of an input, in order, each of them once: as a request or as a problem. */
interface RequestSink {
    /** The number of the row that comes next, from 1. */
    int nextRow();

    /**
     * Takes a row.
     *
     * @param line where it begins in the input, from 1
     * @param customId names it for the API, up to 256 characters, the same for no other
     * @param body a request for pictures, with its prompt
     */
    void add(long line, String customId, ObjectNode body) throws IOException;

    /** Notes that the next row makes no request. */
    void refuse(long line, String problem);
}
