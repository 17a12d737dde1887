package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvInputTest {
    private static final CommonParameters NOTHING_IN_COMMON =
            new CommonParameters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void columnsBecomePromptsAndParameters() throws IOException {
        String csv = "color,product,n,size,seed,name\nred,mug,2,512x512,7,Red mug\nblue,\"jug, tall\",,,,\n";
        assertThat(expand(csv, "a {{color}} {{ product }}"))
                .containsExactly(
                        line("1-Red mug", "'prompt':'a red mug','n':2,'size':'512x512','seed':7"),
                        line("2", "'prompt':'a blue jug, tall'"));
    }

    @Test
    void quotesLineBreaksCarriageReturnsAndByteOrderMarksAreRead() throws IOException {
        String csv = "\uFEFFprompt,note\r\n\"a \"\"big\"\"\r\ncat\",x\r\n\r\n\"dog\",\"\"\r\n";
        assertThat(expand(csv, null))
                .containsExactly(line("1", "'prompt':'a \\'big\\'\\r\\ncat'"), line("2", "'prompt':'dog'"));
    }

    @Test
    void cellsThatLookLikeFormulasAreTextOfThePrompt() throws IOException {
        assertThat(expand("prompt\n=1+1\n@SUM(A1)\n", null))
                .containsExactly(line("1", "'prompt':'=1+1'"), line("2", "'prompt':'@SUM(A1)'"));
    }

    @Test
    void optionsHoldWhereAColumnDoesNotSayOtherwise() throws IOException {
        CommonParameters common =
                new CommonParameters(Optional.of("tiny"), Optional.of("256x256"), Optional.of(4L), Optional.of(3L));
        assertThat(expand("prompt,n,size\ncat,,\ndog,1,64x64\n", null, common))
                .containsExactly(
                        line("1", "'prompt':'cat','model':'tiny','size':'256x256','steps':4,'n':3"),
                        line("2", "'prompt':'dog','n':1,'size':'64x64','model':'tiny','steps':4"));
    }

    @Test
    void unknownTemplateFieldsAreNamedWithTheColumnsThatAreThere() {
        assertRefused(
                "color,product\nred,mug\n",
                "a {{colour}} mug",
                "the template names a column 'colour'",
                "has: color, product");
    }

    @Test
    void aMissingColumnOfPromptsIsNamedWithTheColumnsThatAreThere() {
        assertRefused(
                "color,product\nred,mug\n", null, "a column 'prompt' must hold the prompts", "has: color, product");
    }

    @Test
    void headersThatAreMissingRepeatedOrEmptyAreRefused() {
        assertRefused("", null, "is empty: it needs a first row that names the columns");
        assertRefused("prompt,\ncat,x\n", null, "column 2 of", "has no name");
        assertRefused("prompt,prompt\ncat,x\n", null, "two columns named 'prompt'");
        assertRefused("prompt\n", null, "has no rows");
    }

    @Test
    void everyBadRowIsListedWithItsRowAndLine() {
        assertRefused(
                "prompt,n,size,seed\n\"two\nlines\",1,,\ncat\ncat,11,,\ncat,,64,\ncat,,,-1\n ,2,,\ndog,,,\n",
                null,
                "5 of 7 rows of",
                "row 2 (line 4): it has 1 cells, but there are 4 columns\n",
                "row 3 (line 5): n is '11', but must be a whole number from 1 to 10\n",
                "row 4 (line 6): size is '64', but a size is written WIDTHxHEIGHT",
                "row 5 (line 7): seed is '-1', but must be a whole number from 0 to 9007199254740991\n",
                "row 6 (line 8): prompt is empty\n",
                "Nothing was uploaded");
    }

    @Test
    void ofManyBadRowsTheFirstTwentyAreListed() {
        assertThatThrownBy(() -> expand("prompt,n\n" + "cat,zero\n".repeat(25), null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("25 of 25 rows")
                .hasMessageContaining("row 20 ")
                .hasMessageNotContaining("row 21 ")
                .hasMessageContaining("and 5 more");
    }

    @Test
    void longPromptsAndTooManyRowsAreRefused() {
        assertRefused("prompt\n" + "x".repeat(4001) + "\n", null, "the prompt is longer than 4000 characters");
        assertRefused("prompt\n" + "x\n".repeat(50_001), null, "has more than 50000 rows");
    }

    @Test
    void lettersAreWrittenAsTheyAre() throws IOException {
        assertThat(expand("prompt\nGrüße ✓\n", null)).containsExactly(line("1", "'prompt':'Grüße ✓'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t"})
    void theFirstRowTellsWhatIsBetweenCells(String delimiter) throws IOException {
        String csv = "\r\n\"a, b, c\";name;n\r\nred, very;Mug;2\r\n\"blue;\";;\r\n".replace(";", delimiter);
        assertThat(expand(csv, "a {{a, b, c}} mug"))
                .containsExactly(
                        line("1-Mug", "'prompt':'a red, very mug','n':2"),
                        line("2", "'prompt':'a blue; mug'".replace(";", delimiter.replace("\t", "\\t"))));
    }

    @Test
    void columnsAndFieldsAreTheSameInAnyCase() throws IOException {
        assertThat(expand("Color,N,SIZE,Seed,Name\nred,2,64x64,7,Mug\n", "a {{color}} mug"))
                .containsExactly(line("1-Mug", "'prompt':'a red mug','n':2,'size':'64x64','seed':7"));
        assertThat(expand("Prompt\na cat\n", null)).containsExactly(line("1", "'prompt':'a cat'"));
        assertRefused("Color,color\nred,blue\n", null, "two columns named 'color'");
    }

    @Test
    void rowsOfBlankCellsAreNone() throws IOException {
        assertThat(expand("prompt,n\ncat,\n,\n , \n,,,,\ndog,\n\"\",\n", null))
                .containsExactly(line("1", "'prompt':'cat'"), line("2", "'prompt':'dog'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt\n\"cat\n", "prompt\n\"cat\"x\n"})
    void brokenQuotingIsRefused(String csv) {
        assertRefused(csv, null, "is not CSV");
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        for (byte[] bytes :
                List.of("prompt\ncaf\u00e9\n".getBytes(ISO_8859_1), "\uFEFFprompt\ncat\n".getBytes(UTF_16LE))) {
            Path file = Files.write(folder.resolve("other.csv"), bytes);
            assertThatThrownBy(() -> expand(file, null, NOTHING_IN_COMMON))
                    .hasMessage(file + " is not UTF-8 text: save it as UTF-8 (Excel: Save As, \"CSV UTF-8\")");
        }
        Path workbook = Files.write(folder.resolve("prompts.xlsx"), "PK\3\4...".getBytes(ISO_8859_1));
        assertThatThrownBy(() -> expand(workbook, null, NOTHING_IN_COMMON))
                .hasMessageStartingWith(workbook + " is a workbook, and no text: save it as UTF-8");
    }

    private void assertRefused(String csv, String template, String... parts) {
        assertThatThrownBy(() -> expand(csv, template))
                .isInstanceOf(InputException.class)
                .message()
                .contains(parts);
    }

    private List<String> expand(String csv, String template) throws IOException {
        return expand(csv, template, NOTHING_IN_COMMON);
    }

    private List<String> expand(String csv, String template, CommonParameters common) throws IOException {
        return expand(Files.writeString(folder.resolve("prompts.csv"), csv, UTF_8), template, common);
    }

    private static List<String> expand(Path file, String template, CommonParameters common) throws IOException {
        try (ExpandedInput expanded =
                ExpandedInput.of(new CampaignInput(file, Optional.ofNullable(template), common))) {
            return Files.readAllLines(expanded.requests());
        }
    }

    /** A line of the batch, with ' for ". */
    private static String line(String id, String body) {
        return ("{'custom_id':'" + id + "','method':'POST','url':'/v1/images/generations','body':{" + body + "}}")
                .replace("\\'", "\\\"")
                .replace("'", "\"");
    }
}
