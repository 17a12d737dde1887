package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableWriterTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=HYPERLINK(\"http://x\",\"y\")"})
    void formulasBecomeText(String formula) throws IOException {
        assertThat(written(formula)).containsExactly("'" + formula);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a = b", "1-2", "'=1", "a, \"b\"\r\nc", "ü", " ", ""})
    void otherTextsStayAsTheyAre(String text) throws IOException {
        assertThat(written(text)).containsExactly(text);
    }

    private List<String> written(String cell) throws IOException {
        Path file = folder.resolve("table.csv");
        try (TableWriter table = new TableWriter(file, "column")) {
            table.row(cell);
        }
        try (CSVParser parser = CSVParser.parse(Files.readString(file).substring(1), CsvInput.FORMAT)) {
            List<CSVRecord> rows = parser.getRecords();
            assertThat(rows).hasSize(2);
            return rows.get(1).toList();
        }
    }
}
