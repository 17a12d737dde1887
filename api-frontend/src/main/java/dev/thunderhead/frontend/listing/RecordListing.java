package dev.thunderhead.frontend.listing;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists records that lie at {@code <prefix><id>.json}, with {@linkplain dev.thunderhead.job.TimeOrderedId time-ordered ids}:
 * the store has the newest first. A record that cannot be read is left out, or it would keep its owner from all others.
 * Blocks. Thread-safe.
 *
 * @param <I> the ids
 * @param <T> the entries of the list
 */
public final class RecordListing<I, T> {
    private static final Logger LOG = LoggerFactory.getLogger(RecordListing.class);
    private static final String RECORD = ".json";

    /** After so many records a page ends that has anything. */
    private static final int READ_AT_MOST = 1_000;

    /** After so many it ends in any case, though clients of OpenAI's do not go on behind an empty page. */
    private static final int READ_IN_VAIN = 10_000;

    /** How many ids are gone through at most to find the oldest. */
    private static final int MOST_REVERSED = 10_000;

    private static final int PART = 100;
    private static final int LARGE_PART = 1_000;

    private final RecordStore store;
    private final Function<String, Optional<I>> parser;

    /** @param parser the id that a text is, or nothing when it has another form; an id's text is what it was parsed from */
    public RecordListing(RecordStore store, Function<String, Optional<I>> parser) {
        this.store = store;
        this.parser = parser;
    }

    /** Reads the record of an id; empty when there is none, or it is not wanted. */
    @FunctionalInterface
    public interface Reading<I, T> {
        Optional<T> read(I id) throws IOException;
    }

    /**
     * The next entries, the newest first: fewer than the limit also when many were read to find them.
     *
     * @param after only what is older than this one, which need not exist any more
     * @param limit at most so many
     */
    public Page<I, T> newestFirst(String prefix, Optional<I> after, int limit, Reading<I, T> reading)
            throws IOException {
        return page(new Ids(prefix, after, PART)::next, after, limit, reading);
    }

    /**
     * The same, the oldest first. All ids that are newer than the entries are gone through.
     *
     * @param after only what is newer than this one, which need not exist any more
     * @throws ApiException when there are more than {@value #MOST_REVERSED}
     */
    public Page<I, T> oldestFirst(String prefix, Optional<I> after, int limit, Reading<I, T> reading)
            throws IOException {
        List<I> newer = new ArrayList<>();
        Ids ids = new Ids(prefix, Optional.empty(), LARGE_PART);
        for (Optional<I> id = ids.next(); id.isPresent() && isNewer(id.get(), after); id = ids.next()) {
            if (newer.size() == MOST_REVERSED) {
                throw ApiError.invalid(
                                "order",
                                "order=asc goes through " + MOST_REVERSED + " entries at most, and there are more:"
                                        + " use order=desc")
                        .asException();
            }
            newer.add(id.get());
        }
        Collections.reverse(newer);
        Iterator<I> oldest = newer.iterator();
        return page(() -> oldest.hasNext() ? Optional.of(oldest.next()) : Optional.empty(), after, limit, reading);
    }

    private static <I> boolean isNewer(I id, Optional<I> than) {
        return than.isEmpty() || id.toString().compareTo(than.get().toString()) < 0;
    }

    /** Gives ids one after the other. */
    private interface Source<I> {
        Optional<I> next() throws IOException;
    }

    private Page<I, T> page(Source<I> ids, Optional<I> after, int limit, Reading<I, T> reading) throws IOException {
        List<T> found = new ArrayList<>();
        Optional<I> behind = after;
        int read = 0;
        for (Optional<I> id = ids.next(); id.isPresent(); id = ids.next()) {
            if (read >= (found.isEmpty() ? READ_IN_VAIN : READ_AT_MOST)) {
                return new Page<>(found, behind);
            }
            read++;
            Optional<T> wanted = readable(id.get(), reading);
            if (wanted.isPresent() && found.size() == limit) {
                return new Page<>(found, behind);
            }
            wanted.ifPresent(found::add);
            behind = id;
        }
        return new Page<>(found, Optional.empty());
    }

    private Optional<T> readable(I id, Reading<I, T> reading) throws IOException {
        try {
            return reading.read(id);
        } catch (IOException problem) {
            if (!MalformedRecordException.isCauseOf(problem)) {
                throw problem;
            }
            LOG.error("event=record_left_out id={} problem=\"{}\"", id, problem.toString());
            return Optional.empty();
        }
    }

    /** The ids of a listing as the store has them, without what is none of ours. */
    private final class Ids {
        private final String prefix;
        private final int size;
        private final Deque<I> part = new ArrayDeque<>();
        private Optional<String> behind;

        Ids(String prefix, Optional<I> after, int size) {
            this.prefix = prefix;
            this.size = size;
            this.behind = Optional.of(after.map(id -> prefix + id + RECORD).orElse(""));
        }

        Optional<I> next() throws IOException {
            while (part.isEmpty() && behind.isPresent()) {
                List<RecordStore.Entry> entries = store.list(prefix, behind.get(), size);
                entries.forEach(entry -> id(entry.key()).ifPresent(part::add));
                behind = entries.size() < size
                        ? Optional.empty()
                        : Optional.of(entries.get(size - 1).key());
            }
            return Optional.ofNullable(part.poll());
        }

        private Optional<I> id(String key) {
            return key.endsWith(RECORD) && key.length() >= prefix.length() + RECORD.length()
                    ? parser.apply(key.substring(prefix.length(), key.length() - RECORD.length()))
                    : Optional.empty();
        }
    }
}
