package dev.thunderhead.storage;

import java.io.IOException;
import java.util.List;

/** What a store can be told to delete by itself. Thread-safe. */
public interface Lifecycle {
    /**
     * A rule of ours.
     *
     * @param prefix which objects, by the beginning of their keys: a word and a slash, for example {@code jobs/}
     * @param days after an object was written, at least 1
     */
    record Expiry(String prefix, int days) {
        public Expiry {
            if (!prefix.matches("[a-z]+/") || days < 1) {
                throw new IllegalArgumentException("not a rule: " + prefix + " " + days);
            }
        }

        /** Its name among the bucket's rules. */
        String id() {
            return "thunderhead-" + prefix.substring(0, prefix.length() - 1);
        }
    }

    /**
     * Sets these rules beside those that others made, in the place of those of the same prefix that we set before. Doing
     * it again changes nothing. Blocks.
     *
     * @return false when the store has no such rules or does not let us set them; then they are what they were
     * @throws IOException when the store cannot be reached, or its rules cannot be understood
     */
    boolean expire(List<Expiry> rules) throws IOException;
}
