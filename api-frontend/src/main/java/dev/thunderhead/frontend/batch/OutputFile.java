package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The content of a batch's files, made while it is read: a segment of results, and one line with its pictures, are all that
 * is in memory. Made again, it is the same. Thread-safe.
 */
final class OutputFile {
    private static final byte[] END = {'\n'};

    private final Results results;
    private final OutputLines lines;
    private final PatientReads reads;

    OutputFile(Results results, OutputLines lines, PatientReads reads) {
        this.results = results;
        this.lines = lines;
        this.reads = reads;
    }

    /** Which lines a file holds. */
    enum Part {
        /** Those that have their pictures. */
        ANSWERS,
        /** The others. */
        FAILURES
    }

    /**
     * The content, from its beginning, of a batch that gets no more results.
     *
     * @param wanted asked before each line; reading fails once it says no
     */
    Content open(Batch batch, Part part, BooleanSupplier wanted) {
        return new Content(batch, part, wanted);
    }

    /** Results that are lost are left out. Not thread-safe. */
    final class Content extends LinesStream {
        private final Batch batch;
        private final Part part;
        private final BooleanSupplier wanted;
        private final Iterator<Segment> segments;
        private final Deque<LineResult> segment = new ArrayDeque<>();
        private int place;
        private int lostLines;
        private boolean inLine;

        private Content(Batch batch, Part part, BooleanSupplier wanted) {
            this.batch = batch;
            this.part = part;
            this.wanted = wanted;
            this.segments = batch.feed().segments().iterator();
        }

        /** Of how many lines the results are lost, as far as it has been read. */
        int lostLines() {
            return lostLines;
        }

        @Override
        Optional<byte[]> next() throws IOException {
            if (inLine) {
                inLine = false;
                return Optional.of(END);
            }
            while (hasMore()) {
                if (!wanted.getAsBoolean()) {
                    throw new IOException("another one writes the files of the batch " + batch.id());
                }
                LineResult result = segment.remove();
                int at = place++;
                if (result.isCompleted() == (part == Part.ANSWERS)) {
                    inLine = true;
                    return Optional.of(Json.bytes(lines.of(batch.id(), at, result, OutputLines.Pictures.AS_ASKED)));
                }
            }
            return Optional.empty();
        }

        /** Reads on until there is a result at hand, or the end. */
        private boolean hasMore() throws IOException {
            while (segment.isEmpty() && segments.hasNext()) {
                Segment following = segments.next();
                Optional<List<LineResult>> found = reads.read(() -> results.of(batch, following));
                if (found.isEmpty()) {
                    lostLines += following.count();
                    place += following.count();
                }
                segment.addAll(found.orElse(List.of()));
            }
            return !segment.isEmpty();
        }
    }
}
