package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.frontend.request.HttpsAlone;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ValidatorTest {
    private static final ModelDescriptor MODEL = new ModelDescriptor(
            "tiny",
            "build-1",
            "Apache-2.0",
            1_790_000_000,
            "thunderhead",
            new ImageSize(256, 256),
            new ModelDescriptor.Sizes(128, 1024, 64),
            List.of(new ModelDescriptor.Unet("unet", List.of(4), ModelDescriptor.PredictionType.EPSILON)),
            4,
            Optional.empty());

    private final Validator validator = new Validator(
            new LineJudge(new GenerationRequestParser(new ModelCatalog(List.of(MODEL), Map.of()), new HttpsAlone())));

    private static String line(int id, String more) {
        return "{\"custom_id\": \"%d\", \"method\": \"POST\", \"url\": \"/v1/images/generations\", \"body\": {\"prompt\": \"x\"%s}}"
                .formatted(id, more);
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(id -> line(id, "")).collect(Collectors.joining("\n"));
    }

    private Validator.Verdict validate(String file) throws IOException {
        return validator.validate(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)));
    }

    private Validator.Verdict.Passed passed(String file) throws IOException {
        Validator.Verdict verdict = validate(file);
        assertThat(verdict).isInstanceOf(Validator.Verdict.Passed.class);
        return (Validator.Verdict.Passed) verdict;
    }

    private List<BatchError> refused(String file) throws IOException {
        Validator.Verdict verdict = validate(file);
        assertThat(verdict).isInstanceOf(Validator.Verdict.Refused.class);
        return ((Validator.Verdict.Refused) verdict).errors();
    }

    @Test
    void windowsFilesWithAByteOrderMarkAndBlankLinesAreRead() throws IOException {
        Validator.Verdict.Passed passed = passed("\uFEFF" + line(1, "") + "\r\n\r\n" + line(2, "") + "\r\n  \r\n");
        assertThat(passed.lines()).isEqualTo(4);
        assertThat(passed.total()).isEqualTo(2);
        assertThat(passed.done().stream().toArray()).containsExactly(2, 4);
    }

    @Test
    void whatACallWouldBeRefusedForIsRefusedOfItsLineAlone() throws IOException {
        Validator.Verdict.Passed passed = passed(String.join(
                "\n",
                line(1, ""),
                line(2, ", \"size\": \"7x7\""),
                line(3, ", \"stream\": true"),
                line(4, ", \"model\": \"nobody\""),
                line(5, ", \"webhook_url\": \"http://inside\""),
                line(6, ", \"user\": \"" + "u".repeat(70_000) + "\""),
                line(7, ", \"n\": 1, \"n\": 2"),
                line(8, ", \"user\": " + "[".repeat(2_000) + "]".repeat(2_000)),
                line(9, ", \"seed\": " + "9".repeat(2_000))));
        assertThat(passed.refused())
                .allSatisfy(result -> assertThat(result.isCompleted()).isFalse());
        assertThat(passed.refused().stream().map(result -> ((LineResult.Refused) result).status()))
                .containsExactly(400, 400, 404, 400, 413, 400, 400, 400);
        assertThat(passed.refused().stream()
                        .skip(5)
                        .map(result -> ((LineResult.Refused) result)
                                .error()
                                .error()
                                .param()
                                .orElse("")))
                .containsExactly("n", "user", "seed");
        assertThat(passed.done().cardinality()).isEqualTo(8);
    }

    @Test
    void asManyLinesAsAllowedPassAndOneMoreDoesNot() throws IOException {
        assertThat(passed(lines(Validator.MAX_LINES)).total()).isEqualTo(Validator.MAX_LINES);
        assertThat(refused(lines(Validator.MAX_LINES + 1)))
                .extracting(BatchError::code)
                .containsExactly("too_many_tasks");
        assertThat(refused("\n".repeat(200_000))).extracting(BatchError::code).containsExactly("too_many_tasks");
    }

    private void assertNoLines(byte[] file, String message) throws IOException {
        assertThat(validator.validate(new ByteArrayInputStream(file)))
                .isInstanceOfSatisfying(
                        Validator.Verdict.Refused.class,
                        refused -> assertThat(refused.errors()).singleElement().satisfies(error -> {
                            assertThat(error.code()).isEqualTo("invalid_file_format");
                            assertThat(error.message()).contains(message);
                        }));
    }

    private static String large(int count, String more) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(id -> line(id, ", \"size\": \"1024x1024\", \"n\": 10" + more))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void moreThanAnOutputCanHoldIsRefusedAsAWhole() throws IOException {
        String inline = ", \"response_format\": \"b64_json\"";
        assertThat(refused(large(4_000, inline))).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("output_too_large");
            assertThat(error.message()).contains("about 112 GB", "at most 100 GB", "split the file");
        });
        assertThat(passed(large(3_500, inline)).total()).isEqualTo(3_500);
        assertThat(passed(large(4_000, "")).total()).isEqualTo(4_000);
        assertThat(passed(large(4_000, inline + ", \"output_format\": \"jpeg\""))
                        .total())
                .isEqualTo(4_000);
    }

    @Test
    void whatHoldsNoLinesIsNamedOnce() throws IOException {
        String text = lines(300);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertNoLines(compressed.toByteArray(), "gzip");
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("lines.jsonl"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertNoLines(archive.toByteArray(), "zip archive");
        assertNoLines(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE), "UTF-16");
        assertNoLines(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE), "UTF-16");
        assertNoLines(text.getBytes(StandardCharsets.UTF_16LE), "NUL");
        assertNoLines(text.replace('\n', '\r').getBytes(StandardCharsets.UTF_8), "carriage returns");
        for (String before : List.of("[", "\uFEFF\r\n [\n")) {
            assertNoLines((before + text.replace("\n", ",\n") + "]").getBytes(StandardCharsets.UTF_8), "JSON array");
        }
    }

    @Test
    void filesWithoutRequestsAreNamed() throws IOException {
        assertThat(refused("")).extracting(BatchError::code).containsExactly("empty_file");
        assertThat(refused("\r")).extracting(BatchError::code).containsExactly("empty_file");
    }

    @Test
    void carriageReturnsBetweenWhatIsOneLineAreNothingWrong() throws IOException {
        assertThat(passed(line(1, ",\r \"user\": \"}\"") + "\r").total()).isEqualTo(1);
        assertThat(passed(line(1, "") + "\r\r\n" + line(2, "")).total()).isEqualTo(2);
    }

    @Test
    void ofManyWrongLinesTheFirstAreToldAndTheOthersCounted() throws IOException {
        List<BatchError> errors = refused("{\n".repeat(1_000));
        assertThat(errors).hasSize(101);
        assertThat(errors.get(99).line()).contains(100);
        assertThat(errors.get(100).message()).contains("900 more lines");
    }

    @Test
    void eachPageCanBeReadAlone() throws IOException {
        String file = IntStream.rangeClosed(1, 300)
                .mapToObj(id -> line(id, ", \"user\": \"" + "u".repeat(id % 7 == 0 ? 30_000 : 5) + "\""))
                .collect(Collectors.joining("\r\n"));
        Validator.Verdict.Passed passed = passed(file);
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        int next = 1;
        for (int page = 0; page < passed.plan().pages().size(); page++) {
            Plan.Page begin = passed.plan().pages().get(page);
            assertThat(begin.line()).isEqualTo(next);
            LineReader reader = new LineReader(
                    new ByteArrayInputStream(
                            bytes, (int) begin.offset(), passed.plan().length(page)),
                    begin.line(),
                    begin.offset());
            for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                assertThat(((InputLine.Request) InputLines.read(line.get())).customId())
                        .isEqualTo(Integer.toString(next));
                next++;
            }
        }
        assertThat(next).isEqualTo(301);
    }
}
