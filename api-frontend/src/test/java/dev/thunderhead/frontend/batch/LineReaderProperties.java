package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LineReaderProperties {
    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.strings()
                .withChars("ab{}\"\\ é日 ")
                .ofMaxLength(30)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    private static List<LineReader.Line> read(byte[] file) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(file));
        List<LineReader.Line> lines = new ArrayList<>();
        for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get());
        }
        assertThat(reader.offset()).isEqualTo(file.length);
        return lines;
    }

    private static List<String> texts(List<LineReader.Line> lines) {
        return lines.stream()
                .map(line -> new String(line.content(), StandardCharsets.UTF_8))
                .toList();
    }

    @Property(tries = 300)
    void linesComeBackWhateverEndsThem(
            @ForAll("lines") List<String> lines,
            @ForAll boolean windows,
            @ForAll boolean marked,
            @ForAll boolean endsWithLine)
            throws IOException {
        String end = windows ? "\r\n" : "\n";
        // A last line that is empty and has no end is none.
        boolean last = endsWithLine || lines.get(lines.size() - 1).isEmpty();
        String file = (marked ? "\uFEFF" : "") + String.join(end, lines) + (last ? end : "");
        List<LineReader.Line> read = read(file.getBytes(StandardCharsets.UTF_8));
        assertThat(texts(read)).isEqualTo(lines);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).number()).isEqualTo(i + 1);
        }
    }

    @Property(tries = 300)
    void eachLineCanBeReadFromItsOffset(@ForAll("lines") List<String> lines) throws IOException {
        byte[] file = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        for (LineReader.Line line : read(file)) {
            byte[] rest = Arrays.copyOfRange(file, (int) line.offset(), file.length);
            LineReader.Line again = new LineReader(new ByteArrayInputStream(rest), line.number(), line.offset())
                    .next()
                    .orElseThrow();
            assertThat(again.content()).isEqualTo(line.content());
            assertThat(again.number()).isEqualTo(line.number());
        }
    }

    @Property(tries = 300)
    void anyBytesAreLines(@ForAll byte[] file) throws IOException {
        int ends = 0;
        for (byte one : file) {
            ends += one == '\n' ? 1 : 0;
        }
        boolean unended = file.length > 0 && file[file.length - 1] != '\n';
        assertThat(read(file)).hasSize(ends + (unended ? 1 : 0));
    }

    @Example
    void aLineOfOneMebibyteFitsAndALongerOneIsPassedOver() throws IOException {
        String fits = "x".repeat(LineReader.LONGEST);
        List<LineReader.Line> read = read((fits + "\r\n" + fits + "y\n" + "z".repeat(3 * LineReader.LONGEST) + "\nlast")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(read).extracting(LineReader.Line::isTooLong).containsExactly(false, true, true, false);
        assertThat(read.get(0).content()).hasSize(LineReader.LONGEST);
        assertThat(texts(read).get(3)).isEqualTo("last");
    }
}
