package dev.thunderhead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.Samples;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskEnvelopeTest {
    private final RenderTask task = Samples.task(3);
    private final Map<String, String> headers =
            new HashMap<>(TaskEnvelope.of(task).headers());

    @Test
    void aTaskReadsBackAsItWas() {
        assertThat(open(Json.bytes(task))).isEqualTo(new TaskEnvelope.Content.Task(task));
    }

    @Test
    void fieldsOfANewerWriterAreIgnored() {
        String json = new String(Json.bytes(task), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"mood\":\"happy\",");
        assertThat(open(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(new TaskEnvelope.Content.Task(task));
    }

    @Test
    void aBrokenValueStillNamesItsTask() {
        for (String broken : new String[] {"", "{", "null", "[]", "{}", "{\"prompt\":\"secret\"}"}) {
            var content = open(broken.getBytes(StandardCharsets.UTF_8));
            assertThat(content).isInstanceOfSatisfying(TaskEnvelope.Content.Unreadable.class, unreadable -> {
                assertThat(unreadable.code()).isEqualTo(FailureCode.MALFORMED_TASK);
                assertThat(unreadable.envelope()).contains(TaskEnvelope.of(task));
                assertThat(unreadable.why()).doesNotContain("secret");
            });
        }
    }

    @Test
    void aMissingFieldIsNoTask() {
        String json = new String(Json.bytes(task), StandardCharsets.UTF_8).replace("\"prompt\"", "\"promt\"");
        assertThat(open(json.getBytes(StandardCharsets.UTF_8))).isInstanceOf(TaskEnvelope.Content.Unreadable.class);
    }

    @Test
    void aNewerSchemaIsToldApartFromGarbage() {
        headers.put("schema", "2");
        assertThat(open(Json.bytes(task)))
                .isInstanceOfSatisfying(
                        TaskEnvelope.Content.Unreadable.class,
                        unreadable -> assertThat(unreadable.code()).isEqualTo(FailureCode.UNSUPPORTED_SCHEMA));
    }

    @Test
    void withoutHeadersNobodyCanBeTold() {
        for (String missing : new String[] {"job", "index", "account", "description", "deadline", "outcome-key"}) {
            Map<String, String> kept = new HashMap<>(headers);
            headers.remove(missing);
            assertThat(open(null))
                    .isInstanceOfSatisfying(
                            TaskEnvelope.Content.Unreadable.class,
                            unreadable -> assertThat(unreadable.envelope()).isEmpty());
            headers.putAll(kept);
        }
    }

    private TaskEnvelope.Content open(byte[] value) {
        return TaskEnvelope.open(
                name -> headers.containsKey(name) ? headers.get(name).getBytes(StandardCharsets.UTF_8) : null, value);
    }
}
