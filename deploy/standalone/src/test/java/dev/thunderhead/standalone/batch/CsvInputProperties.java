package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Any table, and any rubbish. */
class CsvInputProperties {
    /** A column that is never empty, so that each row makes a prompt. */
    private static final String MARK = "#";

    @Property(tries = 300)
    void anyTableOfTextsIsReadBack(@ForAll("tables") List<List<String>> table) throws IOException {
        int width = table.get(0).size();
        List<String> columns =
                IntStream.range(0, width).mapToObj(column -> "c" + column).toList();
        String template = columns.stream().map(column -> "{{" + column + "}}").collect(Collectors.joining("|"));

        StringBuilder csv = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(csv, CSVFormat.RFC4180)) {
            printer.printRecord(columns);
            for (List<String> row : table) {
                printer.printRecord(row);
            }
        }
        Rows rows = read(csv.toString().getBytes(StandardCharsets.UTF_8), Optional.of(Template.parse(template)));
        assertThat(rows.problems).isEmpty();
        assertThat(rows.prompts)
                .isEqualTo(table.stream().map(row -> String.join("|", row)).toList());
    }

    @Property(tries = 300)
    void anyTextIsRowsOrARefusal(@ForAll("rubbish") String text) throws IOException {
        try {
            read(("prompt,n\n" + text).getBytes(StandardCharsets.UTF_8), Optional.empty());
        } catch (InputException refusal) {
            assertThat(refusal).hasMessageContaining("not CSV");
        }
    }

    @Property(tries = 300)
    void anyBytesAreRowsOrARefusal(@ForAll byte[] bytes) throws IOException {
        try {
            read(bytes, Optional.empty());
        } catch (InputException refusal) {
            assertThat(refusal.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> cell = Combinators.combine(text(), Arbitraries.of("", MARK))
                .as((text, mark) -> text.isBlank() ? MARK : text + mark);
        return Arbitraries.integers()
                .between(1, 5)
                .flatMap(width -> cell.list().ofSize(width).list().ofMinSize(1).ofMaxSize(8));
    }

    @Provide
    Arbitrary<String> rubbish() {
        return text();
    }

    /** Much of what CSV treats in its own way, and any other character that UTF-8 can write. */
    private static Arbitrary<String> text() {
        Arbitrary<Character> special = Arbitraries.of(',', '"', '\n', '\r', ' ', '\t', '{', '}', '=', '#', '\'', ';');
        Arbitrary<Character> any = Arbitraries.chars().filter(character -> !Character.isSurrogate(character));
        return Arbitraries.frequencyOf(Tuple.of(2, special), Tuple.of(1, any))
                .list()
                .ofMaxSize(12)
                .map(characters -> characters.stream().map(String::valueOf).collect(Collectors.joining()));
    }

    private static Rows read(byte[] csv, Optional<Template> template) throws IOException {
        Path file = Files.createTempFile("table", ".csv");
        try {
            Files.write(file, csv);
            Rows rows = new Rows();
            new CsvInput(file, template).readInto(rows);
            return rows;
        } finally {
            Files.delete(file);
        }
    }

    private static final class Rows implements RequestSink {
        private final List<String> prompts = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        @Override
        public int nextRow() {
            return prompts.size() + problems.size() + 1;
        }

        @Override
        public void add(long line, String customId, ObjectNode body) {
            prompts.add(body.path("prompt").asText());
        }

        @Override
        public void refuse(long line, String problem) {
            problems.add(problem);
        }
    }
}
