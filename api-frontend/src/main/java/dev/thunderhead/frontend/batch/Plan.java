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
        return length(page, 0);
    }

    /** How many bytes whole pages have, from that one on: as many as come to {@code most}, but at least one. */
    int length(int first, int most) {
        long begin = pages.get(first).offset();
        int last = first;
        while (last + 1 < pages.size() && end(last + 1) - begin <= most) {
            last++;
        }
        return Math.toIntExact(end(last) - begin);
    }

    private long end(int page) {
        return page + 1 < pages.size() ? pages.get(page + 1).offset() : bytes;
    }

    /** The page that holds a line. */
    int pageOf(int line) {
        int page = pages.size() - 1;
        while (page > 0 && pages.get(page).line() > line) {
            page--;
        }
        return page;
    }
}
