package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of prompts in CSV (RFC 4180, UTF-8, with or without byte order mark), also with the semicolons that spreadsheets
 * write where a comma stands in numbers, or with tabs. Its first row names the columns. Columns {@code n}, {@code size},
 * {@code seed} and {@code name} are parameters, where they are not empty; every column can be a field of the template. Cells
 * are text: nothing in them is evaluated. A row of blank cells is none.
 */
final class CsvInput implements RequestSource {
    static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private static final String PROMPT = "prompt";
    private static final String NAME = "name";
    private static final String COUNT = "n";
    private static final String SIZE = "size";
    private static final String SEED = "seed";
    /** Of equally many, the first. */
    private static final char[] DELIMITERS = {',', ';', '\t'};
    /** Of the row that names the columns, in characters. */
    private static final int LONGEST_HEADER = 1 << 16;

    private final Path file;
    private final Optional<Template> template;

    /**
     * An input, not yet read.
     *
     * @param template makes the prompts; empty: the column {@code prompt} is the prompt
     */
    CsvInput(Path file, Optional<Template> template) {
        this.file = file;
        this.template = template;
    }

    @Override
    public void readInto(RequestSink sink) throws IOException {
        try {
            InputText.read(file, text -> readInto(sink, text));
        } catch (UncheckedIOException problem) {
            // What the iterator of rows throws.
            throw new InputException(file + " is not CSV: "
                    + Objects.requireNonNull(problem.getCause()).getMessage());
        }
    }

    private void readInto(RequestSink sink, BufferedReader text) throws IOException {
        CSVFormat format = FORMAT.builder().setDelimiter(delimiter(text)).get();
        try (CSVParser parser =
                CSVParser.builder().setReader(text).setFormat(format).get()) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                throw new InputException(file + " is empty: it needs a first row that names the columns");
            }
            Columns columns = Columns.of(records.next(), file);
            Template prompts = prompts(columns);
            while (records.hasNext()) {
                CSVRecord cells = records.next();
                if (!cells.stream().allMatch(String::isBlank)) {
                    addTo(sink, parser.getCurrentLineNumber() - lineBreaks(cells), cells, columns, prompts);
                }
            }
        }
    }

    /** The one that the first row has most of, outside quotes. */
    private static char delimiter(BufferedReader text) throws IOException {
        text.mark(LONGEST_HEADER);
        int[] counts = new int[DELIMITERS.length];
        boolean quoted = false;
        boolean begun = false;
        for (int length = 1; length < LONGEST_HEADER; length++) {
            int next = text.read();
            boolean lineEnd = next == '\n' || next == '\r';
            if (next < 0 || (lineEnd && begun && !quoted)) {
                break;
            }
            begun |= !lineEnd;
            quoted ^= next == '"';
            for (int kind = 0; kind < counts.length; kind++) {
                counts[kind] += next == DELIMITERS[kind] && !quoted ? 1 : 0;
            }
        }
        text.reset();
        int most = 0;
        for (int kind = 1; kind < counts.length; kind++) {
            most = counts[kind] > counts[most] ? kind : most;
        }
        return DELIMITERS[most];
    }

    private Template prompts(Columns columns) {
        for (String field : template.map(Template::fields).orElse(Set.of())) {
            if (!columns.has(field)) {
                throw new InputException(
                        "the template names a column '" + field + "' that is not there; " + file + " has: " + columns);
            }
        }
        if (template.isEmpty() && !columns.has(PROMPT)) {
            throw new InputException("without --template, a column '" + PROMPT + "' must hold the prompts; " + file
                    + " has: " + columns);
        }
        return template.orElseGet(() -> Template.of(PROMPT));
    }

    private static void addTo(RequestSink sink, long line, CSVRecord cells, Columns columns, Template prompts)
            throws IOException {
        if (cells.size() != columns.size()) {
            sink.refuse(line, "it has " + cells.size() + " cells, but there are " + columns.size() + " columns");
            return;
        }
        ObjectNode body;
        try {
            body = body(cells, columns, prompts);
        } catch (InputException problem) {
            sink.refuse(line, problem.getMessage());
            return;
        }
        String name = columns.has(NAME) ? columns.cell(cells, NAME) : "";
        sink.add(line, CustomId.of(sink.nextRow(), name), body);
    }

    private static ObjectNode body(CSVRecord cells, Columns columns, Template prompts) {
        for (String field : prompts.fields()) {
            if (columns.cell(cells, field).isBlank()) {
                throw new InputException(field + " is empty");
            }
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put(PROMPT, RowValues.checkPrompt(prompts.expand(field -> columns.cell(cells, field))));
        Function<String, Optional<String>> parameter = column -> Optional.of(column)
                .filter(columns::has)
                .map(there -> columns.cell(cells, there).strip())
                .filter(text -> !text.isEmpty());
        parameter.apply(COUNT).ifPresent(text -> body.put(COUNT, RowValues.count(text)));
        parameter.apply(SIZE).ifPresent(text -> body.put(SIZE, RowValues.checkSize(text)));
        parameter.apply(SEED).ifPresent(text -> body.put(SEED, RowValues.seed(text)));
        return body;
    }

    /** How many lines the row takes beyond its first. */
    private static long lineBreaks(CSVRecord cells) {
        return cells.stream()
                .mapToLong(cell -> cell.replace("\r\n", "\n")
                        .chars()
                        .filter(character -> character == '\n' || character == '\r')
                        .count())
                .sum();
    }
}
