package dev.thunderhead.render.pipeline.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding with CLIP's vocabulary: {@code vocab.json} gives each token's id, {@code merges.txt} the pairs that
 * are merged, the most valuable first. A word starts as its UTF-8 bytes, the last one marked as the word's end, and as
 * long as neighbours form a known pair, the best such pair is merged. Immutable, so safe for any number of threads.
 */
final class BytePairs {
    private static final String WORD_END = "</w>";
    private static final int NONE = -1;
    /** Fifty thousand names that occur once: to look for each among all others takes longer than to read them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final Map<String, Integer> ids;
    private final int[] innerBytes = new int[256];
    private final int[] lastBytes = new int[256];
    private final Map<Long, Merge> merges;

    /** What becomes of a pair of tokens. A lower rank is merged earlier; no two pairs share one. */
    private record Merge(int rank, int id) {}

    private BytePairs(Map<String, Integer> ids, Map<Long, Merge> merges) throws IOException {
        this.ids = ids;
        this.merges = merges;
        for (int value = 0; value < 256; value++) {
            String symbol = Character.toString(symbol(value));
            innerBytes[value] = id(symbol);
            lastBytes[value] = id(symbol + WORD_END);
        }
    }

    /**
     * Reads a tokenizer's folder.
     *
     * @throws IOException when a file is missing or the two do not belong together
     */
    static BytePairs read(Path folder) throws IOException {
        Map<String, Integer> ids = vocabulary(folder.resolve("vocab.json"));
        Path file = folder.resolve("merges.txt");
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        List<String> lines = Files.readAllLines(file);
        Map<Long, Merge> merges = new HashMap<>(2 * lines.size());
        for (String line : lines) {
            int space = line.indexOf(' ');
            if (space < 0 || line.startsWith("#version")) {
                continue;
            }
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            Integer leftId = ids.get(left);
            Integer rightId = ids.get(right);
            Integer mergedId = ids.get(left + right);
            if (leftId == null || rightId == null || mergedId == null) {
                throw new IOException(file + ": vocab.json does not know the tokens of \"" + line + "\"");
            }
            merges.put(pair(leftId, rightId), new Merge(merges.size(), mergedId));
        }
        try {
            return new BytePairs(ids, merges);
        } catch (IOException problem) {
            throw new IOException(folder + ": " + problem.getMessage(), problem);
        }
    }

    private static Map<String, Integer> vocabulary(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        Map<String, Integer> ids = new HashMap<>();
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + ": not a JSON object");
            }
            for (String token = parser.nextFieldName(); token != null; token = parser.nextFieldName()) {
                parser.nextToken();
                ids.put(token, parser.getIntValue());
            }
        } catch (JacksonException problem) {
            throw new IOException(file + ": " + problem.getOriginalMessage(), problem);
        }
        return ids;
    }

    /**
     * The id of a whole token as the vocabulary spells it.
     *
     * @throws IOException when there is no such token
     */
    int id(String token) throws IOException {
        Integer id = ids.get(token);
        if (id == null) {
            throw new IOException("the vocabulary lacks the token " + token);
        }
        return id;
    }

    /**
     * The tokens of one word. Takes n log n time for n bytes: candidates wait in a queue by rank, then position, and one
     * whose tokens have since been merged otherwise is passed over.
     *
     * @param word UTF-8, at least one byte
     */
    int[] encode(byte[] word) {
        int length = word.length;
        int[] tokens = new int[length];
        int[] next = new int[length];
        int[] previous = new int[length];
        PriorityQueue<Candidate> candidates = new PriorityQueue<>();
        for (int i = 0; i < length; i++) {
            tokens[i] = (i < length - 1 ? innerBytes : lastBytes)[word[i] & 0xff];
            next[i] = i < length - 1 ? i + 1 : NONE;
            previous[i] = i - 1;
        }
        for (int i = 0; i < length; i++) {
            offer(candidates, tokens, next, i);
        }
        for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
            int left = best.position;
            int right = tokens[left] == NONE ? NONE : next[left];
            if (right == NONE || !best.merge.equals(merges.get(pair(tokens[left], tokens[right])))) {
                continue;
            }
            tokens[left] = best.merge.id;
            tokens[right] = NONE;
            next[left] = next[right];
            if (next[left] != NONE) {
                previous[next[left]] = left;
            }
            offer(candidates, tokens, next, left);
            if (previous[left] != NONE) {
                offer(candidates, tokens, next, previous[left]);
            }
        }
        return Arrays.stream(tokens).filter(token -> token != NONE).toArray();
    }

    private record Candidate(Merge merge, int position) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byRank = Integer.compare(merge.rank, other.merge.rank);
            return byRank != 0 ? byRank : Integer.compare(position, other.position);
        }
    }

    private void offer(PriorityQueue<Candidate> candidates, int[] tokens, int[] next, int position) {
        if (next[position] == NONE) {
            return;
        }
        Merge merge = merges.get(pair(tokens[position], tokens[next[position]]));
        if (merge != null) {
            candidates.add(new Candidate(merge, position));
        }
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /**
     * The character that stands for a byte in the vocabulary: itself where it prints, otherwise one of those from 256 on
     * (GPT-2's {@code bytes_to_unicode}).
     */
    private static int symbol(int value) {
        if (prints(value)) {
            return value;
        }
        int hiddenBefore = 0;
        for (int other = 0; other < value; other++) {
            hiddenBefore += prints(other) ? 0 : 1;
        }
        return 256 + hiddenBefore;
    }

    private static boolean prints(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xff && value != 0xad);
    }
}
