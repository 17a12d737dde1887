package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FileStemProperties {
    @Property
    void anyLabelMakesASafeName(@ForAll("labels") String label, @ForAll("rows") int row) {
        String stem = FileStem.of(row, label);
        assertThat(stem).matches("[0-9]{5}(-[a-z0-9]+)*").hasSizeLessThanOrEqualTo(FileStem.LONGEST);
    }

    @Property
    void rowsWithAnyLabelsHaveDifferentNames(@ForAll("lists") List<String> labels) {
        Set<String> files = new HashSet<>();
        for (int row = 1; row <= labels.size(); row++) {
            String stem = FileStem.of(row, labels.get(row - 1));
            assertThat(files.add(stem)).isTrue();
            for (int picture = 1; picture <= 10; picture++) {
                assertThat(files.add(stem + "-" + picture)).isTrue();
            }
        }
    }

    @Property
    void theNameComesBackOutOfTheCustomId(@ForAll("labels") String name, @ForAll("rows") int row) {
        String id = CustomId.of(row, name);
        assertThat(id).isNotBlank().hasSizeLessThanOrEqualTo(CustomId.LONGEST);
        assertThat(name.strip().replaceAll("\\s+", " ")).startsWith(CustomId.name(row, id));
    }

    @Example
    void namesAreReadable() {
        assertThat(FileStem.of(12, "Red mug (large)")).isEqualTo("00012-red-mug-large");
        assertThat(FileStem.of(12, "Café Übung")).isEqualTo("00012-cafe-ubung");
        assertThat(FileStem.of(12, "Größe, SMØRREBRØD, Łódź")).isEqualTo("00012-grosse-smorrebrod-lodz");
        assertThat(FileStem.of(50_000, "../../etc/passwd")).isEqualTo("50000-etc-passwd");
        assertThat(FileStem.of(3, "NUL")).isEqualTo("00003-nul");
        assertThat(FileStem.of(3, "красная кружка")).isEqualTo("00003");
        assertThat(FileStem.of(1, "x".repeat(300))).hasSize(FileStem.LONGEST);
    }

    @Provide
    Arbitrary<Integer> rows() {
        return Arbitraries.integers().between(1, RequestWriter.MOST_ROWS);
    }

    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(400),
                Arbitraries.strings().withChars("ab/\\.:- 1é").ofMaxLength(100));
    }

    @Provide
    Arbitrary<List<String>> lists() {
        return Arbitraries.strings().withChars("a1- ").ofMaxLength(8).list().ofMaxSize(30);
    }
}
