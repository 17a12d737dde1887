package dev.thunderhead.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rows of text in Markdown, as the README has them. Not thread-safe. */
final class Table {
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    void print(PrintStream out) {
        out.println();
        line(out, columns);
        line(out, Collections.nCopies(columns.size(), "---"));
        rows.forEach(row -> line(out, row));
        out.println();
    }

    private static void line(PrintStream out, List<String> cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }
}
