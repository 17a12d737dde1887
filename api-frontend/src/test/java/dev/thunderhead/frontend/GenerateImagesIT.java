package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateImagesIT {
    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static FakeWorker worker;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS);
        worker = FakeWorker.painting(backing);
        client = backing.client(frontend);
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        frontend.close();
        backing.close();
    }

    @Test
    void threePicturesOfOneRequestComeInOrderWithSeedsThatCountOn() throws Exception {
        Client.Answer answer = client.generate("{\"prompt\": \"a red circle\", \"n\": 3, \"seed\": 7}");

        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        JsonNode body = answer.json();
        assertThat(body.get("created").asLong()).isGreaterThan(1_700_000_000L);
        assertThat(body.get("size").asText()).isEqualTo("256x256");
        assertThat(body.get("output_format").asText()).isEqualTo("png");
        assertThat(body.get("quality").asText()).isEqualTo("medium");
        assertThat(body.at("/usage/input_tokens").asInt()).isEqualTo(3);
        assertThat(body.at("/usage/output_tokens").asInt()).isEqualTo(3 * 256);
        assertThat(body.get("data")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            JsonNode picture = body.at("/data/" + i);
            assertThat(picture.get("seed").asLong()).isEqualTo(7 + i);
            assertThat(picture.has("b64_json")).isFalse();
            assertThat(delivered(picture.get("url").asText()))
                    .isEqualTo("picture of a red circle with seed " + (7 + i));
        }
        assertThat(answer.header("x-thunderhead-model")).isEqualTo("tiny-lightning");
        assertThat(answer.header("x-thunderhead-job")).startsWith("job_");
        assertThat(answer.header("x-request-id")).startsWith("req_");
        assertThat(answer.header("openai-processing-ms")).matches("[0-9]+");
        assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("100000");
        assertThat(answer.header("x-ratelimit-remaining-requests")).matches("[0-9]+");
        assertThat(answer.header("x-ratelimit-reset-requests")).matches("[0-9.ms]+");
        assertThat(answer.header("server-timing"))
                .matches("queue;dur=1.5, text;dur=2.3, step1;dur=3.0, step2;dur=4.0, step3;dur=5.0, step4;dur=6.0,"
                        + " decode;dur=7.0, encode;dur=8.0, upload;dur=[0-9.]+, total;dur=[0-9.]+");
    }

    private static String delivered(String url) throws Exception {
        Client.Answer redirect = Client.fetch(url);
        assertThat(redirect.status()).isEqualTo(302);
        Client.Answer file = Client.fetch(redirect.header("location"));
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("content-type")).isEqualTo("image/png");
        return new String(file.raw().body(), StandardCharsets.UTF_8);
    }

    @Test
    void theFileItselfComesWhenAskedFor() throws Exception {
        Client.Answer answer = client.generate("""
                {"prompt": "a moon", "seed": 1, "response_format": "b64_json", "output_format": "jpeg",
                 "model": "bytedance/stable-diffusion-xl-lightning", "quality": "high", "size": "512x256"}""");

        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        assertThat(Base64.getDecoder()
                        .decode(answer.json().at("/data/0/b64_json").asText()))
                .asString()
                .isEqualTo("picture of a moon with seed 1");
        assertThat(answer.json().get("output_format").asText()).isEqualTo("jpeg");
        assertThat(answer.json().get("quality").asText()).isEqualTo("high");
        assertThat(answer.json().get("size").asText()).isEqualTo("512x256");
        assertThat(answer.header("x-thunderhead-model")).isEqualTo("tiny-lightning");
    }

    @Test
    void aPictureIsFoundAtItsAddressAloneAndOnlyByThatAddress() throws Exception {
        String url = client.generate("{\"prompt\": \"a cat\"}")
                .json()
                .at("/data/0/url")
                .asText();
        char last = url.charAt(url.length() - 5);
        String forged = url.substring(0, url.length() - 5) + (last == '0' ? '1' : '0') + ".png";

        assertThat(Client.fetch(forged).status()).isEqualTo(404);
        assertThat(Client.fetch(forged).error().get("code").asText()).isEqualTo("media_not_found");
        assertThat(Client.fetch(url.replace(".png", ".jpg")).status()).isEqualTo(404);
        assertThat(Client.fetch(url.replace(".png", "")).status()).isEqualTo(404);
        Client.Answer head = Client.send(HttpRequest.newBuilder(java.net.URI.create(url))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-type")).isEqualTo("image/png");
        assertThat(head.header("content-length")).isNotEqualTo("0");
    }
}
