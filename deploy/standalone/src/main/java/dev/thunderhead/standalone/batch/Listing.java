package dev.thunderhead.standalone.batch;

import java.util.ArrayList;
import java.util.List;

/** What went wrong, an entry for each row: the first {@value #SHOWN} in words, the others as their number. */
final class Listing {
    static final int SHOWN = 20;

    private final List<String> first = new ArrayList<>();
    private int count;

    void add(String entry) {
        if (count < SHOWN) {
            first.add(TerminalLine.of(entry));
        }
        count++;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /**
     * An indented line for each entry.
     *
     * @param rest ends the line that counts those left out, for example {@code : see failed.csv}
     */
    String text(String rest) {
        StringBuilder text = new StringBuilder();
        first.forEach(entry -> text.append("  ").append(entry).append('\n'));
        if (count > SHOWN) {
            text.append("  and ")
                    .append(count - SHOWN)
                    .append(" more")
                    .append(rest)
                    .append('\n');
        }
        return text.toString();
    }
}
