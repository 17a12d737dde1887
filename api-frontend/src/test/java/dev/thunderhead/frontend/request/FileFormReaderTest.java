package dev.thunderhead.frontend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.error.ApiException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileFormReaderTest {
    private static final String BOUNDARY = "--parts-of-a-form";
    private static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;
    private static final String END = "--" + BOUNDARY + "--\r\n";
    private static final int LARGEST = 1 << 20;

    /**
     * What was read of a form.
     *
     * @param content a character for each byte
     */
    private record Read(String name, String content, FileForm form) {}

    private static Read read(String type, InputStream body) throws IOException {
        FileFormReader reader = new FileFormReader(type, body, LARGEST);
        try {
            String name = reader.fileName();
            return new Read(name, text(reader.content().readAllBytes()), reader.fields());
        } catch (IOException problem) {
            throw reader.refusal().orElseThrow(() -> problem);
        }
    }

    private static Read read(String body) throws IOException {
        return read(TYPE, new ByteArrayInputStream(bytes(body)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String part(String head, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=" + head + "\r\n\r\n" + content + "\r\n";
    }

    private static final String PURPOSE = part("\"purpose\"", "batch");

    private static String file(String content) {
        return part("\"file\"; filename=\"a.jsonl\"", content);
    }

    /** A form with fields before and behind its file. */
    private static byte[] form(byte[] content) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(bytes(part("\"expires_after[anchor]\"", "created_at")));
        form.writeBytes(
                bytes("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"größe\"\r\n"
                        + "Content-Type: application/jsonl\r\n\r\n"));
        form.writeBytes(content);
        form.writeBytes(bytes("\r\n" + PURPOSE + part("\"expires_after[seconds]\"", "3600") + END));
        return form.toByteArray();
    }

    /** The body as it comes from a network, so many bytes at a time. */
    private static InputStream split(byte[] body, int... lengths) {
        int[] position = {0};
        List<InputStream> pieces = IntStream.concat(Arrays.stream(lengths), IntStream.of(body.length))
                .mapToObj(length -> {
                    int from = position[0];
                    position[0] = Math.min(body.length, from + length);
                    return (InputStream) new ByteArrayInputStream(body, from, position[0] - from);
                })
                .toList();
        return new SequenceInputStream(Collections.enumeration(pieces));
    }

    private static void assertWhole(InputStream body, byte[] content, String as) throws IOException {
        Read read = read(TYPE, body);
        assertThat(read.content()).as(as).isEqualTo(text(content));
        assertThat(read.name()).as(as).isEqualTo("größe");
        assertThat(read.form().purpose()).as(as).isEqualTo("batch");
        assertThat(read.form().kept()).as(as).contains(Duration.ofHours(1));
    }

    /** Bytes that keep looking like the beginning of a boundary. */
    private static byte[] treacherous(int length, long seed) {
        byte[] alphabet = bytes("\r\n--par\r\n--" + BOUNDARY.substring(0, 4));
        Random random = new Random(seed);
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return content;
    }

    @Test
    void whereverTheNetworkCutsAFormItIsReadTheSame() throws Exception {
        for (byte[] content : List.of(bytes("\r"), bytes("\r\n"), bytes("line\r\n--\r\n\r"), treacherous(300, 1))) {
            byte[] body = form(content);
            for (int i = 0; i <= body.length; i++) {
                assertWhole(split(body, i), content, "cut at " + i);
                assertWhole(split(body, i, 1), content, "cut at " + i + " and behind the next byte");
            }
            assertWhole(split(body, IntStream.range(0, body.length).map(i -> 1).toArray()), content, "byte by byte");
        }
    }

    @Test
    void theChunksOfHttpMayEndAnywhere() throws Exception {
        int chunk = 8_192;
        int around = form(new byte[0]).length;
        for (int length = 3 * chunk - around - 10; length <= 3 * chunk + 10; length++) {
            byte[] content = treacherous(length, length);
            assertWhole(split(form(content), chunk, chunk, chunk), content, length + " bytes");
        }
    }

    @Test
    void whatIsAroundTheFormDoesNotMatter() throws Exception {
        assertThat(read("a preamble\r\n" + PURPOSE + file("x") + END + "an epilogue")
                        .content())
                .isEqualTo("x");
        assertThat(read((PURPOSE + file("x") + END).strip()).content()).isEqualTo("x");
    }

    @Test
    void theBoundaryMayBeQuoted() throws Exception {
        String odd = "it's (a) boundary: 1/2?";
        String body = (PURPOSE + file("x") + END).replace(BOUNDARY, odd);
        for (String type : List.of(
                "multipart/form-data; boundary=\"" + odd + "\"",
                "Multipart/Form-Data; charset=utf-8; Boundary=\"" + odd + "\"")) {
            assertThat(read(type, new ByteArrayInputStream(bytes(body))).content())
                    .isEqualTo("x");
        }
    }

    private static String named(String parameters) throws IOException {
        return read(PURPOSE + part("\"file\"; " + parameters, "x") + END).name();
    }

    @Test
    void namesMayBeWrittenInEveryWay() throws Exception {
        assertThat(named("filename=a.jsonl")).isEqualTo("a.jsonl");
        assertThat(named("filename=\"a; b=c, größe 葉.jsonl\"")).isEqualTo("a; b=c, größe 葉.jsonl");
        assertThat(named("filename=\"100%25.jsonl\"")).isEqualTo("100%25.jsonl");
        assertThat(named("filename=\"\"")).isEmpty();
        assertThat(named("filename=\"a\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%2A"))
                .isEqualTo("größe *");
        assertThat(named("filename*=iso-8859-1'en'gr%F6%DFe")).isEqualTo("größe");
        assertThat(named("filename*=\"utf-8''gr%C3%B6%C3%9Fe\"")).isEqualTo("größe");
        String longest = "葉".repeat(255);
        assertThat(named("filename=\"" + longest + "\"")).isEqualTo(longest);
        assertThat(named("filename*=UTF-8''" + URLEncoder.encode(longest, StandardCharsets.UTF_8)))
                .isEqualTo(longest);
    }

    private static void assertRefused(String body, int status, String blamed) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(ApiException.class, problem -> {
            assertThat(problem.error().kind().status()).isEqualTo(status);
            assertThat(problem.error().param()).isEqualTo(blamed);
        });
    }

    @Test
    void aFileWithoutAFilenameIsRefusedBeforeItIsReadHoweverLongItIs() {
        for (String content : List.of("", "x", "x".repeat(2 * FileFormReader.MOST_BESIDES))) {
            assertThatThrownBy(() -> read(PURPOSE + part("\"file\"", content) + END))
                    .hasMessageContaining("file must be sent as a file, with a filename");
            assertThatThrownBy(() -> read(file("x") + part("\"file\"", content) + END))
                    .hasMessageContaining("file must be sent as a file, with a filename");
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        assertRefused(PURPOSE + END, 400, "file");
        assertRefused(PURPOSE + file("") + END, 400, "file");
        assertRefused(PURPOSE + file("x") + file("y") + END, 400, "file");
        assertRefused(PURPOSE + part("\"picture\"; filename=\"a\"", "x") + END, 400, "picture");
        assertRefused(file("x") + part("\"colour\"", "red") + END, 400, "colour");
        assertRefused(file("x") + END, 400, "purpose");
        assertRefused(PURPOSE + file("x".repeat(LARGEST + 1)) + END, 413, "file");
    }

    @Test
    void whatIsNoFormIsRefused() {
        assertRefused("", 400, null);
        assertRefused("nothing of the kind", 400, null);
        assertRefused(END, 400, null);
        assertRefused("--" + BOUNDARY + "\r\n\r\nno headers", 400, null);
        assertRefused("--" + BOUNDARY + "\r\nContent-Type: text/plain\r\n\r\nno name\r\n" + END, 400, null);
        assertRefused(PURPOSE + part("\"file\"; filename=\"=?utf-8?B?x?=\"", "x") + END, 400, null);
        assertRefused(PURPOSE + file("x") + "--" + BOUNDARY + "and more\r\n" + END, 400, null);
        for (String type :
                List.of("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x".repeat(9_000))) {
            assertThatThrownBy(() -> read(type, new ByteArrayInputStream(bytes(PURPOSE + file("x") + END))))
                    .isInstanceOf(ApiException.class);
        }
    }

    @Test
    void aFormThatEndsAnywhereIsRefused() {
        String body = PURPOSE + file("content") + part("\"expires_after[anchor]\"", "created_at") + END.strip();
        for (int i = 0; i < body.length(); i++) {
            String cut = body.substring(0, i);
            assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(ApiException.class);
        }
        assertRefused(PURPOSE + file("x".repeat(10_000)).strip(), 400, "file");
    }

    @Test
    void besidesItsFileAFormIsSmall() throws Exception {
        String longest = "x".repeat(FileFormReader.LONGEST_FIELD);
        assertRefused(PURPOSE + part("\"colour\"", longest + "x") + file("x") + END, 400, "colour");
        assertRefused(PURPOSE + file("x") + part("\"colour\"", longest) + END, 400, "colour");
        int most = FileFormReader.MOST_BESIDES;
        assertRefused("x".repeat(most) + PURPOSE + file("x") + END, 400, null);
        assertRefused(PURPOSE + file("x") + END + "x".repeat(most), 400, null);
        assertRefused(part("\"colour\"", "red").repeat(most / 50) + PURPOSE + file("x") + END, 400, null);
        assertRefused("--" + BOUNDARY + "\r\nX-Odd: " + "x".repeat(most) + "\r\n\r\n", 400, null);
        assertThat(read(PURPOSE + file("x".repeat(LARGEST)) + END + "x".repeat(most / 2))
                        .content())
                .hasSize(LARGEST);
    }

    @Test
    void aBodyThatCannotBeReadIsNoFaultOfTheForm() {
        byte[] body = bytes(PURPOSE + file("x".repeat(10_000)) + END);
        IOException hangUp = new IOException("hung up");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw hangUp;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw hangUp;
            }
        };
        InputStream begun = new SequenceInputStream(new ByteArrayInputStream(body, 0, 5_000), broken);
        assertThatThrownBy(() -> read(TYPE, begun)).isSameAs(hangUp);
    }
}
