package dev.thunderhead.frontend;

import static dev.thunderhead.frontend.UploadForm.BOUNDARY;
import static dev.thunderhead.frontend.UploadForm.END;
import static dev.thunderhead.frontend.UploadForm.LINE;
import static dev.thunderhead.frontend.UploadForm.PURPOSE;
import static dev.thunderhead.frontend.UploadForm.filePart;
import static dev.thunderhead.frontend.UploadForm.listed;
import static dev.thunderhead.frontend.UploadForm.part;
import static dev.thunderhead.frontend.UploadForm.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files as their users see them: the real API and store, and the official client. */
@Timeout(120)
@SuppressWarnings("deprecation") // OpenAI has deprecated a file's status, and callers still read it
class FilesIT {
    private static final int LIMIT = 60 << 20;

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend =
                backing.frontend(Backing.CALLS, WebhookSettings.STANDARD, new FileSettings(LIMIT, Duration.ofDays(20)));
        client = backing.client(frontend);
    }

    @AfterAll
    static void stop() throws Exception {
        frontend.close();
        backing.close();
    }

    private static OpenAIClient openai(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + frontend.port() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(100))
                .build();
    }

    private static Client account(String name) throws Exception {
        String key = backing.newKey(frontend, name, new Limits(10_000, 100)).text();
        return new Client(URI.create("http://127.0.0.1:" + frontend.port()), key);
    }

    private static FileCreateParams.Builder file(String name, InputStream content) {
        return FileCreateParams.builder()
                .purpose(FilePurpose.BATCH)
                .file(MultipartField.<InputStream>builder()
                        .value(content)
                        .filename(name)
                        .build());
    }

    private static InputStream lines(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void openAisClientKeepsFiles() throws Exception {
        OpenAIClient own = openai(
                backing.newKey(frontend, "official", new Limits(10_000, 100)).text());
        Instant before = Instant.now();
        FileObject created = own.files()
                .create(file("/home/me/größe.jsonl", lines(LINE + LINE))
                        .expiresAfter(FileCreateParams.ExpiresAfter.builder()
                                .seconds(7_200)
                                .build())
                        .build());
        created.validate();
        assertThat(created.bytes()).isEqualTo(2L * LINE.length());
        assertThat(created.filename()).isEqualTo("größe.jsonl");
        assertThat(created.purpose()).isEqualTo(FileObject.Purpose.BATCH);
        assertThat(created.status()).isEqualTo(FileObject.Status.PROCESSED);
        assertThat(created.createdAt())
                .isBetween(before.getEpochSecond(), Instant.now().getEpochSecond());
        assertThat(created.expiresAt()).contains(created.createdAt() + 7_200);

        FileObject second = own.files().create(file("b.jsonl", lines(LINE)).build());
        long twentyDays = Duration.ofDays(20).toSeconds();
        assertThat(second.expiresAt()).contains(second.createdAt() + twentyDays);
        assertThat(own.files().retrieve(created.id())).isEqualTo(created);
        assertThat(own.files().list().data()).containsExactly(second, created);
        List<String> paged = new ArrayList<>();
        own.files().list(FileListParams.builder().limit(1).build()).autoPager().forEach(one -> paged.add(one.id()));
        assertThat(paged).containsExactly(second.id(), created.id());
        paged.clear();
        own.files()
                .list(FileListParams.builder()
                        .limit(1)
                        .order(FileListParams.Order.ASC)
                        .build())
                .autoPager()
                .forEach(one -> paged.add(one.id()));
        assertThat(paged).containsExactly(created.id(), second.id());
        assertThat(own.files()
                        .list(FileListParams.builder().purpose("batch_output").build())
                        .data())
                .isEmpty();
        try (HttpResponse content = own.files().content(created.id())) {
            assertThat(content.body()).hasBinaryContent((LINE + LINE).getBytes(StandardCharsets.UTF_8));
            assertThat(content.headers().values("content-type")).containsExactly("application/jsonl");
            assertThat(content.headers().values("content-disposition"))
                    .containsExactly("attachment; filename=\"gr__e.jsonl\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.jsonl");
        }
        assertThat(own.files().delete(created.id()).deleted()).isTrue();
        assertThatThrownBy(() -> own.files().retrieve(created.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> own.files().content(created.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> own.files().delete(created.id())).isInstanceOf(NotFoundException.class);
        assertThat(own.files().list().data()).containsExactly(second);
        assertThat(backing.store.list("files/").stream().filter(key -> key.contains(created.id())))
                .as("only the note of an upload that might not have been finished is left")
                .singleElement()
                .asString()
                .startsWith("files/expiry/");
        assertThatThrownBy(() -> own.files()
                        .create(file("c.jsonl", lines(LINE))
                                .purpose(FilePurpose.VISION)
                                .build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        problem -> assertThat(problem.param()).contains("purpose"));
    }

    @Test
    void openAisClientUploadsWhatEndsWhereAChunkOfHttpDoes() throws Exception {
        OpenAIClient own = openai(
                backing.newKey(frontend, "chunks", new Limits(10_000, 100)).text());
        // A body comes in pieces of 8,192 bytes. One of them ends in the middle of a line's end before a boundary: with
        // this name the one behind the purpose, and the one behind the file.
        for (int length : List.of(24_290, 24_428)) {
            String text = "x".repeat(length);
            FileObject created = own.files().create(file("f.jsonl", lines(text)).build());
            assertThat(created.bytes()).isEqualTo(length);
            try (HttpResponse content = own.files().content(created.id())) {
                assertThat(content.body()).hasContent(text);
            }
        }
    }

    @Test
    void openAisClientIsToldToGiveAFilename() throws Exception {
        OpenAIClient own = openai(
                backing.newKey(frontend, "nameless", new Limits(10_000, 100)).text());
        for (int length : List.of(10, 1 << 20)) {
            assertThatThrownBy(() -> own.files()
                            .create(FileCreateParams.builder()
                                    .purpose(FilePurpose.BATCH)
                                    .file(new byte[length])
                                    .build()))
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            problem -> assertThat(problem.param()).contains("file"))
                    .hasMessageContaining("MultipartField");
        }
    }

    /** Content of any length, the same each time, and never all in memory. */
    private static InputStream endless(int mebibytes) {
        byte[] block = new byte[1 << 20];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (i * 31 + i / 251);
        }
        return new SequenceInputStream(Collections.enumeration(IntStream.range(0, mebibytes)
                .mapToObj(one -> (InputStream) new ByteArrayInputStream(block))
                .toList()));
    }

    private static byte[] digest(InputStream content) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
        return digest.digest();
    }

    @Test
    void fiftyMebibytesComeAndGoUnchanged() throws Exception {
        OpenAIClient own = openai(
                backing.newKey(frontend, "large", new Limits(10_000, 100)).text());
        FileObject created = own.files().create(file("large.jsonl", endless(50)).build());
        assertThat(created.bytes()).isEqualTo(50L << 20);
        try (HttpResponse content = own.files().content(created.id())) {
            assertThat(content.headers().values("content-length")).containsExactly(Long.toString(50L << 20));
            assertThat(digest(content.body())).isEqualTo(digest(endless(50)));
        }
    }

    @Test
    void theFieldsMayComeInAnyOrder() throws Exception {
        for (String body : List.of(PURPOSE + filePart(LINE) + END, filePart(LINE) + PURPOSE + END)) {
            Client.Answer answer = post(client, body);
            assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
            assertThat(answer.json().get("bytes").asInt()).isEqualTo(LINE.length());
            assertThat(answer.json().has("status_details")).isTrue();
            assertThat(answer.json().get("status_details").isNull()).isTrue();
        }
    }

    @Test
    void whatIsWrongIsNamedAndNothingIsKept() throws Exception {
        Client own = account("wrong");
        String purpose = "\"purpose\"";
        assertThat(blamed(own, filePart(LINE) + END)).isEqualTo("400 purpose");
        assertThat(blamed(own, part(purpose, "assistants") + filePart(LINE) + END))
                .isEqualTo("400 purpose");
        assertThat(blamed(own, PURPOSE + END)).isEqualTo("400 file");
        assertThat(blamed(own, PURPOSE + part("\"file\"", LINE) + END)).isEqualTo("400 file");
        assertThat(blamed(own, PURPOSE + filePart("") + END)).isEqualTo("400 file");
        assertThat(blamed(own, PURPOSE + filePart(LINE) + filePart(LINE) + END)).isEqualTo("400 file");
        assertThat(blamed(own, filePart(LINE) + PURPOSE + filePart("x".repeat(1 << 20)) + END))
                .isEqualTo("400 file");
        assertThat(blamed(own, PURPOSE + part("\"picture\"; filename=\"a\"", LINE) + END))
                .isEqualTo("400 picture");
        assertThat(blamed(own, PURPOSE + part("\"colour\"", "red") + filePart(LINE) + END))
                .isEqualTo("400 colour");
        assertThat(blamed(own, PURPOSE + part("\"expires_after[seconds]\"", "60") + filePart(LINE) + END))
                .isEqualTo("400 expires_after[anchor]");
        // Forms that end too soon, in the middle of the file and of a field, and what is no form at all.
        assertThat(blamed(own, PURPOSE + filePart(LINE))).isEqualTo("400 file");
        assertThat(blamed(own, PURPOSE + filePart("x".repeat(3 << 20)))).isEqualTo("400 file");
        assertThat(blamed(own, "nothing of the kind")).startsWith("400 ");
        assertThat(blamed(own, "")).startsWith("400 ");
        assertThat(blamed(own, PURPOSE + part("\"colour\"", "x".repeat(100_000)) + filePart(LINE) + END))
                .startsWith("400 ");
        assertThat(own.post("/v1/files", "{}").status()).isEqualTo(415);
        assertThat(own.post("/v1/files", "purpose=batch", "content-type", "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(415);
        assertThat(listed(own)).isEmpty();
        assertThat(backing.store.list("files/records/wrong/")).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> backing.store.list("files/content/wrong/").isEmpty());
    }

    private static String blamed(Client who, String body) throws Exception {
        Client.Answer answer = post(who, body);
        JsonNode error = answer.error();
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        return answer.status() + " " + error.get("param").asText();
    }

    @Test
    void whatIsTooLargeIsRefusedWhateverItSaysOfItsLength() throws Exception {
        Client own = account("toolarge");
        Client.Answer told = post(own, PURPOSE + filePart("x".repeat(LIMIT + (1 << 20))) + END);
        assertThat(told.status()).isEqualTo(413);
        assertThat(told.error().get("param").asText()).isEqualTo("file");
        OpenAIClient openai = openai(
                backing.newKey(frontend, "toolarge", new Limits(10_000, 100)).text());
        assertThatThrownBy(() -> openai.files()
                        .create(file("a", endless((LIMIT >> 20) + 1)).build()))
                .hasMessageContaining("413");
        HttpRequest chunked = own.request("/v1/files")
                .header("content-type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new SequenceInputStream(
                        lines("--" + BOUNDARY
                                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"),
                        endless((LIMIT >> 20) + 2))))
                .build();
        assertThat(Client.send(chunked).status()).isEqualTo(413);
        assertThat(listed(own)).isEmpty();
        assertThat(post(own, PURPOSE + filePart("x".repeat(LIMIT)) + END).status())
                .isEqualTo(200);
    }

    @Test
    void anotherAccountsFileIsAsUnknownAsNone() throws Exception {
        String id =
                post(client, PURPOSE + filePart(LINE) + END).json().get("id").asText();
        Client other = account("other");
        String unknown = id.substring(0, id.length() - 4) + "zzzz";
        for (String path : List.of(id, unknown, "file-1", "x", "file-" + "%2e%2e%2f")) {
            for (Client.Answer answer : List.of(
                    other.get("/v1/files/" + path),
                    other.get("/v1/files/" + path + "/content"),
                    other.delete("/v1/files/" + path))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.error().get("code").asText()).isEqualTo("file_not_found");
            }
        }
        assertThat(listed(other)).isEmpty();
        assertThat(client.get("/v1/files/" + id).status()).isEqualTo(200);
        assertThat(client.get("/v1/files?order=up").error().get("param").asText())
                .isEqualTo("order");
        assertThat(client.get("/v1/files?after=x").error().get("param").asText())
                .isEqualTo("after");
        assertThat(client.get("/v1/files?limit=10000").status()).isEqualTo(200);
        assertThat(client.get("/v1/files?limit=10001").error().get("param").asText())
                .isEqualTo("limit");
    }

    @Test
    void underAnIdempotencyKeyThereIsOneFile() throws Exception {
        Client own = account("once");
        String[] key = {"idempotency-key", "campaign-1"};
        JsonNode first = post(own, PURPOSE + filePart(LINE) + END, key).json();
        assertThat(post(own, filePart(LINE) + PURPOSE + END, key).json()).isEqualTo(first);
        assertThat(listed(own)).hasSize(1);
        Client.Answer other = post(own, PURPOSE + filePart(LINE + LINE) + END, key);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.error().get("code").asText()).isEqualTo("idempotency_key_reused");
        String another = LINE.replace("a", "b");
        assertThat(post(own, PURPOSE + filePart(another) + END, key).status()).isEqualTo(422);
        String renamed = PURPOSE + part("\"file\"; filename=\"other\"", LINE) + END;
        assertThat(post(own, renamed, key).status()).isEqualTo(422);
    }

    private static Client.Answer content(String id, String method, String... headers) throws Exception {
        return Client.send(client.request("/v1/files/" + id + "/content")
                .headers(headers)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    @Test
    void theHeadSaysHowLongTheContentIs() throws Exception {
        String id =
                post(client, PURPOSE + filePart(LINE) + END).json().get("id").asText();
        Client.Answer head = content(id, "HEAD", "range", "bytes=0-0");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-length")).isEqualTo("" + LINE.length());
        assertThat(head.header("accept-ranges")).isEqualTo("bytes");
        assertThat(head.raw().body()).isEmpty();
    }

    @Test
    void aDownloadThatBrokeOffGoesOnWhereItWas() throws Exception {
        // More than is read of the store at a time.
        String text = IntStream.range(0, 200_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        String id =
                post(client, PURPOSE + filePart(text) + END).json().get("id").asText();
        int half = text.length() / 2;
        Client.Answer rest = content(id, "GET", "range", "bytes=" + half + "-");
        assertThat(rest.status()).isEqualTo(206);
        assertThat(rest.header("content-range"))
                .isEqualTo("bytes " + half + "-" + (text.length() - 1) + "/" + text.length());
        assertThat(rest.raw().body()).asString().isEqualTo(text.substring(half));
        Client.Answer few = content(id, "GET", "range", "bytes=2-4");
        assertThat(few.header("content-length")).isEqualTo("3");
        assertThat(few.raw().body()).asString().isEqualTo(text.substring(2, 5));
        for (String[] headers : List.of(
                new String[] {"range", "bytes=0-1,4-5"}, new String[] {"range", "bytes=0-1", "if-range", "\"x\""})) {
            Client.Answer whole = content(id, "GET", headers);
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.raw().body()).hasSize(text.length());
        }
        Client.Answer none = content(id, "GET", "range", "bytes=" + text.length() + "-");
        assertThat(none.status()).isEqualTo(416);
        assertThat(none.header("content-range")).isEqualTo("bytes */" + text.length());
        assertThat(none.error().get("code").asText()).isEqualTo("range_not_satisfiable");
    }
}
