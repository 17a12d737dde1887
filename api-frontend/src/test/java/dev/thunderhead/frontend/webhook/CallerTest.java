package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final String HOOK = "https://hooks.example.com/in";
    private static final String ID = "msg_" + "0".repeat(44);
    private static final SigningSecret SECRET = SigningSecret.create(new Random(1));

    private final List<Sender.Request> sent = new ArrayList<>();
    private Sender.Response response = new Sender.Response(200, Optional.empty());

    private Caller caller(NameResolver names) {
        return new Caller(
                new Destinations(Reach.PUBLIC, names),
                request -> {
                    sent.add(request);
                    return response;
                },
                Clock.systemUTC());
    }

    private static InetAddress address(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    @Test
    void aNameThatLeadsElsewhereLaterIsRefusedThen() throws Exception {
        Deque<InetAddress> answers =
                new ArrayDeque<>(List.of(address(1, 1, 1, 1), address(1, 1, 1, 1), address(127, 0, 0, 1)));
        NameResolver names = host -> List.of(answers.removeFirst());
        new Destinations(Reach.PUBLIC, names).checkHost(HOOK);
        Caller caller = caller(names);

        assertThat(caller.call(HOOK, List.of(SECRET), ID, "{}").attempt().succeeded())
                .isTrue();
        Caller.Result rebound = caller.call(HOOK, List.of(SECRET), ID, "{}");

        assertThat(rebound.attempt().error().orElseThrow()).contains("not public");
        assertThat(rebound.attempt().status()).isEmpty();
        // The name was asked for once for each call, and what was judged is what is connected to.
        assertThat(sent)
                .singleElement()
                .satisfies(request -> assertThat(request.address()).isEqualTo(address(1, 1, 1, 1)));
    }

    @Test
    void addressesInDisguiseAreRefused() throws Exception {
        try (SystemNames names = new SystemNames()) {
            Caller caller = caller(names);
            for (String url : List.of(
                    "https://2130706433/",
                    "https://0x7f.1/",
                    "https://0177.0.0.1/",
                    "https://[::ffff:127.0.0.1]/",
                    "https://[::ffff:7f00:1]/",
                    "https://[64:ff9b::169.254.169.254]/",
                    "https://[2002:a00:1::]/",
                    "https://127.0.0.1/",
                    "http://example.com/")) {
                assertThat(caller.call(url, List.of(SECRET), ID, "{}").attempt().succeeded())
                        .as(url)
                        .isFalse();
            }
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void everyActiveSecretSigns() throws Exception {
        SigningSecret former = SigningSecret.create(new Random(2));
        caller(host -> List.of(address(1, 1, 1, 1))).call(HOOK, List.of(SECRET, former), ID, "{\"a\":1}");
        Map<String, String> headers = sent.get(0).headers();
        for (SigningSecret secret : List.of(SECRET, former)) {
            new Webhook(secret.key())
                    .verify(
                            sent.get(0).body(),
                            Map.of(
                                    "webhook-id", List.of(headers.get("webhook-id")),
                                    "webhook-timestamp", List.of(headers.get("webhook-timestamp")),
                                    "webhook-signature", List.of(headers.get("webhook-signature"))));
        }
        assertThat(headers.get("webhook-id")).isEqualTo(ID);
        assertThat(Long.parseLong(headers.get("webhook-timestamp")))
                .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
    }

    @Test
    void onlyTwoHundredsAreSuccess() throws Exception {
        Caller caller = caller(host -> List.of(address(1, 1, 1, 1)));
        for (int status : new int[] {200, 201, 204, 299}) {
            response = new Sender.Response(status, Optional.empty());
            assertThat(caller.call(HOOK, List.of(SECRET), ID, "{}").attempt().succeeded())
                    .isTrue();
        }
        for (int status : new int[] {301, 302, 307, 400, 404, 429, 500, 503}) {
            response = new Sender.Response(status, Optional.of("7"));
            Caller.Result result = caller.call(HOOK, List.of(SECRET), ID, "{}");
            assertThat(result.attempt().succeeded()).isFalse();
            assertThat(result.attempt().status()).contains(status);
            assertThat(result.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(result.gone()).isFalse();
        }
        response = new Sender.Response(410, Optional.empty());
        assertThat(caller.call(HOOK, List.of(SECRET), ID, "{}").gone()).isTrue();
    }
}
