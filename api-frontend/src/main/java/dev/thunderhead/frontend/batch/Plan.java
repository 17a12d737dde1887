package dev.thunderhead.frontend.batch;

import java.util.List;

/**
 * Where the lines of a batch's file are, so that any of them can be read without those before. Immutable.
 *
 * @param pages stretches of the file in order, from its beginning on
 * @param bytes the file's length
 */
record Plan(List<Page> pages, long bytes) {
    Plan {
        pages = List.copyOf(pages);
        Page before = new Page(0, -1);
        for (Page page : pages) {
            if (page.line() <= before.line() || page.offset() <= before.offset() || page.offset() >= bytes) {
                throw new IllegalArgumentException("the pages of a plan follow each other");
            }
            before = page;
        }
    }

    /**
     * A stretch of whole lines, read at once.
     *
     * @param line the first one's number
     * @param offset the first one's first byte
     */
    record Page(int line, long offset) {}

    /** How many bytes a page has. */
    int length(int page) {
        long end = page + 1 < pages.size() ? pages.get(page + 1).offset() : bytes;
        return Math.toIntExact(end - pages.get(page).offset());
    }
}
