package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVPrinter;

/** Writes a table in CSV (RFC 4180, UTF-8) that is safe to open in a spreadsheet. Not thread-safe. */
final class TableWriter implements AutoCloseable {
    private final CSVPrinter printer;

    /** Begins a file that is not there. */
    TableWriter(Path file, String... columns) throws IOException {
        Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        // By it Excel knows UTF-8.
        out.write(InputText.BYTE_ORDER_MARK);
        printer = new CSVPrinter(out, CsvInput.FORMAT);
        row(columns);
    }

    void row(String... cells) throws IOException {
        printer.printRecord(Stream.of(cells).map(SpreadsheetCell::of));
    }

    @Override
    public void close() throws IOException {
        printer.close();
    }
}
