package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a batch's results, in segments whose names nobody else uses: what does not stand in the batch's record does not
 * count, so a feeder that has lost the batch writes in vain. The last segment is written anew, under a new name, until it
 * is full. Used by one thread at a time.
 */
final class ResultLog {
    private static final String MEDIA_TYPE = "application/jsonl";
    private static final int FULL_COUNT = 250;
    private static final int FULL_BYTES = 1 << 18;

    private final RecordStore store;
    private final String prefix;
    private final List<Segment> full;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final List<String> superseded = new ArrayList<>();

    /**
     * @param prefix of the batch's own objects
     * @param standing what was written before, by whomever
     */
    ResultLog(RecordStore store, String prefix, List<Segment> standing) {
        this.store = store;
        this.prefix = prefix;
        this.full = new ArrayList<>(standing);
        chunks.add(new Chunk());
    }

    /** Results that are not in a full segment yet. */
    private static final class Chunk {
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        private int count;
        private String name = "";
        private boolean written;

        void add(LineResult result) {
            lines.writeBytes(Json.bytes(result));
            lines.write('\n');
            count++;
            written = false;
        }

        boolean isFull() {
            return count >= FULL_COUNT || lines.size() >= FULL_BYTES;
        }

        Segment segment() {
            return new Segment(name, count);
        }
    }

    /** Adds results behind the others; {@link #flush} writes them. */
    void add(Collection<LineResult> results) {
        for (LineResult result : results) {
            if (chunks.getLast().isFull()) {
                chunks.add(new Chunk());
            }
            chunks.getLast().add(result);
        }
    }

    /**
     * Writes what was added. Blocks.
     *
     * @return all segments, to be written into the batch's record
     * @throws IOException when something was not written; the next flush does it
     */
    List<Segment> flush() throws IOException {
        for (Chunk chunk : chunks) {
            if (!chunk.written && chunk.count > 0) {
                write(chunk);
            }
        }
        while (chunks.size() > 1) {
            full.add(chunks.removeFirst().segment());
        }
        List<Segment> all = new ArrayList<>(full);
        if (chunks.getLast().count > 0) {
            all.add(chunks.getLast().segment());
        }
        return all;
    }

    private void write(Chunk chunk) throws IOException {
        String name = UUID.randomUUID().toString();
        store.put(prefix + name, chunk.lines.toByteArray(), MEDIA_TYPE, Map.of());
        if (!chunk.name.isEmpty()) {
            superseded.add(prefix + chunk.name);
        }
        chunk.name = name;
        chunk.written = true;
    }

    /** Deletes what the segments that were given last have replaced, once those stand in the batch's record. Blocks. */
    void clear() throws IOException {
        if (!superseded.isEmpty()) {
            store.deleteAll(List.copyOf(superseded));
            superseded.clear();
        }
    }
}
