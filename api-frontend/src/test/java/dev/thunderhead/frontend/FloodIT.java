package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.account.Limits;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One account asks too much: that is its own problem. */
@SuppressWarnings("try")
class FloodIT {
    private static final String ONE = "{\"prompt\": \"x\"}";

    @TempDir
    static Path data;

    @Test
    void oneAccountsFloodIsRefusedToItAloneAndNobodyElse() throws Exception {
        try (Backing backing = new Backing(data);
                Frontend frontend = backing.frontend(Backing.CALLS)) {
            URI base = URI.create("http://127.0.0.1:" + frontend.port());
            Client flood = new Client(
                    base,
                    backing.newKey(frontend, "flood", new Limits(100_000, 1_000, 40))
                            .text());
            Client modest = new Client(
                    base,
                    backing.newKey(frontend, "modest", new Limits(100_000, 1_000, 40))
                            .text());
            int accepted = 0;
            Client.Answer last = flood.post("/v1/jobs", ONE);
            for (; last.status() == 202 && accepted < 200; accepted++) {
                last = flood.post("/v1/jobs", ONE);
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.error().get("code").asText()).isEqualTo("queue_full");
            assertThat(last.error().get("type").asText()).isEqualTo("rate_limit_error");
            assertThat(Integer.parseInt(last.header("retry-after"))).isBetween(1, 60);
            assertThat(accepted).isBetween(40, 60);

            for (int i = 0; i < 20; i++) {
                assertThat(modest.post("/v1/jobs", ONE).status()).isEqualTo(202);
            }
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                assertThat(modest.generate(ONE).status()).isEqualTo(200);
            }
        }
    }
}
