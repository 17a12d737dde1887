package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A table of prompts in CSV (RFC 4180, UTF-8, with or without byte order mark). Its first row names the columns. Columns
 * {@code n}, {@code size}, {@code seed} and {@code name} are parameters, where they are not empty; every column can be a
 * field of the template. Cells are text: nothing in them is evaluated.
 */
final class CsvInput implements RequestSource {
    static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private static final String PROMPT = "prompt";
    private static final String NAME = "name";
    private static final String COUNT = "n";
    private static final String SIZE = "size";
    private static final String SEED = "seed";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

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
        try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            readInto(sink, text);
        } catch (CharacterCodingException problem) {
            throw notText();
        } catch (UncheckedIOException problem) {
            if (cause(problem) instanceof CharacterCodingException) {
                throw notText();
            }
            throw new InputException(file + " is not CSV: " + cause(problem).getMessage());
        }
    }

    private static Throwable cause(UncheckedIOException problem) {
        return Objects.requireNonNull(problem.getCause());
    }

    private InputException notText() {
        return new InputException(file + " is not UTF-8 text");
    }

    private void readInto(RequestSink sink, Reader text) throws IOException {
        skipByteOrderMark(text);
        try (CSVParser parser =
                CSVParser.builder().setReader(text).setFormat(FORMAT).get()) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                throw new InputException(file + " is empty: it needs a first row that names the columns");
            }
            Map<String, Integer> columns = columns(records.next());
            Template prompts = prompts(columns);
            while (records.hasNext()) {
                CSVRecord cells = records.next();
                addTo(sink, parser.getCurrentLineNumber() - lineBreaks(cells), cells, columns, prompts);
            }
        }
    }

    private static void skipByteOrderMark(Reader text) throws IOException {
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
    }

    private Map<String, Integer> columns(CSVRecord header) {
        Map<String, Integer> columns = new LinkedHashMap<>();
        for (int column = 0; column < header.size(); column++) {
            String name = header.get(column).strip();
            if (name.isEmpty()) {
                throw new InputException("column " + (column + 1) + " of " + file + " has no name");
            }
            if (columns.put(name, column) != null) {
                throw new InputException(file + " has two columns named '" + name + "'");
            }
        }
        return columns;
    }

    private Template prompts(Map<String, Integer> columns) {
        String there = file + " has: " + String.join(", ", columns.keySet());
        for (String field : template.map(Template::fields).orElse(Set.of())) {
            if (!columns.containsKey(field)) {
                throw new InputException("the template names a column '" + field + "' that is not there; " + there);
            }
        }
        if (template.isEmpty() && !columns.containsKey(PROMPT)) {
            throw new InputException("without --template, a column '" + PROMPT + "' must hold the prompts; " + there);
        }
        return template.orElseGet(() -> Template.of(PROMPT));
    }

    private static void addTo(
            RequestSink sink, long line, CSVRecord cells, Map<String, Integer> columns, Template prompts)
            throws IOException {
        if (cells.size() != columns.size()) {
            sink.refuse(line, "it has " + cells.size() + " cells, but there are " + columns.size() + " columns");
            return;
        }
        Function<String, String> cell = column -> cells.get(columns.getOrDefault(column, -1));
        ObjectNode body;
        try {
            body = body(columns, prompts, cell);
        } catch (InputException problem) {
            sink.refuse(line, problem.getMessage());
            return;
        }
        String name = columns.containsKey(NAME) ? cell.apply(NAME) : "";
        sink.add(line, CustomId.of(sink.nextRow(), name), body);
    }

    private static ObjectNode body(Map<String, Integer> columns, Template prompts, Function<String, String> cell) {
        for (String field : prompts.fields()) {
            if (cell.apply(field).isBlank()) {
                throw new InputException(field + " is empty");
            }
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put(PROMPT, RowValues.checkPrompt(prompts.expand(cell::apply)));
        Function<String, Optional<String>> parameter = column -> Optional.of(column)
                .filter(columns::containsKey)
                .map(cell)
                .map(String::strip)
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
