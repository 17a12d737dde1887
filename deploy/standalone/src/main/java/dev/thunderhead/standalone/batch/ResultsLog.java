package dev.thunderhead.standalone.batch;

import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All results that were read, appended to a file as they come: it also tells how far they were read. Of a row that was
 * painted again, the later result counts. Memory holds two numbers and two bits for each row. Not thread-safe.
 */
final class ResultsLog implements AutoCloseable {
    private static final long NONE = -1;

    /** Not through a channel, which an interrupt would close in the middle of a line. */
    private final RandomAccessFile file;

    private final Map<String, String> lastIds = new HashMap<>();
    private final long[] places;
    private final int[] lengths;
    /** The rows that have failed, by the batch that counts. */
    private final Map<String, BitSet> failed = new HashMap<>();

    private final BitSet pictured = new BitSet();

    private ResultsLog(RandomAccessFile file, int size) {
        this.file = file;
        this.places = new long[size + 1];
        this.lengths = new int[size + 1];
        Arrays.fill(places, NONE);
    }

    /**
     * Opens it, and cuts off a line that was not written to its end.
     *
     * @param size how many rows the campaign has
     * @throws InputException when no run wrote it so
     */
    static ResultsLog open(Path path, int size) throws IOException {
        ResultsLog log = new ResultsLog(new RandomAccessFile(path.toFile(), "rw"), size);
        try {
            log.file.setLength(log.readAll(path));
            return log;
        } catch (IOException | RuntimeException problem) {
            log.close();
            throw problem;
        }
    }

    /** Returns where the last whole line ends. */
    private long readAll(Path path) throws IOException {
        long end = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                line.write(next);
                if (next == '\n') {
                    note(read(path, line.toByteArray()), end, line.size());
                    end += line.size();
                    line.reset();
                }
            }
        }
        return end;
    }

    private LineResult read(Path path, byte[] line) {
        try {
            LineResult result = Json.read(line, LineResult.class);
            if (result.row() > 0 && result.row() < places.length) {
                return result;
            }
        } catch (MalformedRecordException problem) {
            // Reported below, like a row that the campaign does not have.
        }
        throw InputException.damaged(path.toString());
    }

    void append(LineResult result) throws IOException {
        long place = file.length();
        file.seek(place);
        byte[] line = (Json.text(result) + "\n").getBytes(StandardCharsets.US_ASCII);
        file.write(line);
        note(result, place, line.length);
    }

    private void note(LineResult result, long place, int length) {
        int row = result.row();
        places[row] = place;
        lengths[row] = length;
        failed.values().forEach(rows -> rows.clear(row));
        if (result.failure().isPresent()) {
            failed.computeIfAbsent(result.batch(), batch -> new BitSet()).set(row);
        }
        pictured.set(row, !result.pictures().isEmpty());
        lastIds.put(result.batch(), result.id());
    }

    /** The id of the last result that was read of a batch. */
    Optional<String> lastId(String batch) {
        return Optional.ofNullable(lastIds.get(batch));
    }

    /** How a row has ended; empty while it has not. */
    Optional<LineResult> of(int row) throws IOException {
        if (places[row] == NONE) {
            return Optional.empty();
        }
        byte[] line = new byte[lengths[row]];
        file.seek(places[row]);
        file.readFully(line);
        return Optional.of(Json.read(line, LineResult.class));
    }

    /** How many rows have failed, and were not painted by a later batch. */
    int failed() {
        return failed.values().stream().mapToInt(BitSet::cardinality).sum();
    }

    /** How many of them failed in this batch. */
    int failed(String batch) {
        return failed.getOrDefault(batch, new BitSet()).cardinality();
    }

    /** Whether a row is one of them. */
    boolean hasFailed(int row) {
        return failed.values().stream().anyMatch(rows -> rows.get(row));
    }

    /** How many rows have a picture, those included of which another failed. */
    int pictured() {
        return pictured.cardinality();
    }

    /** How many rows have all their pictures. */
    int painted() {
        return (int) Arrays.stream(places).filter(place -> place != NONE).count() - failed();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
