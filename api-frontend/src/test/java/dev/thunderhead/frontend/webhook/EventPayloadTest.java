package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.CallbackEvent;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.wire.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventPayloadTest {
    private static final Account ACME = new Account("acme");
    private static final PictureAddresses ADDRESSES = (account, task, format) -> "https://p/" + task.index();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theSameRecordMakesTheSameBytes() {
        Map<String, String> metadata = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            metadata.put("key " + i, "value");
        }
        JobRecord.Finished job = FinishedJobs.of(ACME, metadata, Optional.empty(), FinishedJobs.failed());
        JobRecord.Finished stored = (JobRecord.Finished) Json.read(Json.bytes((JobRecord) job), JobRecord.class);
        assertThat(EventPayload.of(stored, true, ADDRESSES)).isEqualTo(EventPayload.of(job, true, ADDRESSES));
    }

    @Test
    void picturesAreToldOnlyToWhoeverAsked() throws Exception {
        JobRecord.Finished job = FinishedJobs.of(ACME, Map.of(), Optional.empty(), FinishedJobs.cancelled());
        JsonNode plain = JSON.readTree(EventPayload.of(job, false, ADDRESSES));
        assertThat(plain.at("/data").has("data")).isFalse();
        assertThat(plain.at("/data").has("error")).isFalse();
        assertThat(plain.get("type").asText()).isEqualTo("image.generation.cancelled");
        JsonNode whole = JSON.readTree(EventPayload.of(job, true, ADDRESSES));
        assertThat(whole.at("/data/data")).hasSize(1);
        assertThat(whole.at("/data/data/0/url").asText()).isEqualTo("https://p/0");
        assertThat(whole.get("id")).isEqualTo(plain.get("id"));
    }

    @Test
    void aBatchIsToldOfExactlyAsOpenAiDoes() throws Exception {
        Instant at = Instant.ofEpochSecond(1_790_000_000);
        String payload = EventPayload.of(BatchEvent.CANCELLED, "batch_abc", at);
        assertThat(EventPayload.of(BatchEvent.CANCELLED, "batch_abc", at)).isEqualTo(payload);
        JsonNode event = JSON.readTree(payload);
        assertThat(event.fieldNames()).toIterable().containsExactly("id", "object", "created_at", "type", "data");
        assertThat(event.get("id").asText()).matches("evt_[0-9a-f]{32}");
        assertThat(event.get("object").asText()).isEqualTo("event");
        assertThat(event.get("created_at").asLong()).isEqualTo(1_790_000_000);
        assertThat(event.get("type").asText()).isEqualTo("batch.cancelled");
        assertThat(event.get("data").toString()).isEqualTo("{\"id\":\"batch_abc\"}");
    }

    @Test
    void thereIsASampleOfEveryEvent() throws Exception {
        for (CallbackEvent event : CallbackEvent.all()) {
            JsonNode sample = JSON.readTree(EventPayload.sample(event, "msg_1", 1_790_000_000));
            assertThat(sample.get("type").asText()).isEqualTo(event.type());
            assertThat(sample.at("/data/id").asText())
                    .startsWith(event.type().startsWith("batch.") ? "batch_" : "job_");
        }
    }

    @Test
    void notesThatWouldMakeItTooLargeAreLeftOut() throws Exception {
        Map<String, String> metadata = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            metadata.put("key " + i, "☃".repeat(512));
        }
        JobRecord.Finished job = FinishedJobs.of(ACME, metadata, Optional.empty());
        String payload = EventPayload.of(job, true, ADDRESSES);
        assertThat(payload.length()).isLessThan(EventPayload.MAX_BYTES);
        JsonNode event = JSON.readTree(payload);
        assertThat(event.at("/data").has("metadata")).isFalse();
        assertThat(event.at("/data/data")).hasSize(1);
    }

    @Test
    void aDeliverysIdIsTheSameWhoeverComputesItAndTheNewestComesFirst() {
        JobRecord.Finished job = FinishedJobs.completed(ACME);
        Target target = new Target.Registered("we_1");
        Delivery one = first(job, target);
        assertThat(first(job, target)).isEqualTo(one);
        assertThat(first(job, new Target.Registered("we_2")).id()).isNotEqualTo(one.id());
        Delivery later = Delivery.first(
                ACME, target, job.id().value(), "x", "{}", job.completedAt().plusMillis(1));
        assertThat(later.id()).isLessThan(one.id());
        assertThat(Json.read(Json.bytes(one), Delivery.class)).isEqualTo(one);
    }

    private static Delivery first(JobRecord.Finished job, Target target) {
        return Delivery.first(ACME, target, job.id().value(), "type", "{}", job.completedAt());
    }
}
