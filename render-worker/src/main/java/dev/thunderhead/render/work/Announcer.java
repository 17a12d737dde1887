package dev.thunderhead.render.work;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the world what became of tasks. Every call returns when Kafka has it for good. Thread-safe. */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final Producer<String, byte[]> producer;
    private final String workerId;

    /** @param producer is closed by whoever made it */
    Announcer(Producer<String, byte[]> producer, String workerId) {
        this.producer = producer;
        this.workerId = workerId;
    }

    void publish(RenderEvent event) throws IOException, InterruptedException {
        send(TaskRecords.of(event));
    }

    /**
     * Keeps a record that is not rendered, as it was, for operators; headers say why. When it is too large with them, they
     * go alone, and tell where it came from.
     */
    void putAside(ConsumerRecord<String, byte[]> task, FailureCode code, String why)
            throws IOException, InterruptedException {
        ProducerRecord<String, byte[]> letter =
                new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), task.key(), task.value());
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("dead-letter-code", code.name().toLowerCase(Locale.ROOT));
        reasons.put("dead-letter-reason", why);
        reasons.put("dead-letter-source", task.topic() + "/" + task.partition() + "/" + task.offset());
        reasons.put("dead-letter-worker", workerId);
        task.headers().forEach(letter.headers()::add);
        add(letter, reasons);
        try {
            send(letter);
        } catch (IOException problem) {
            if (!(problem.getCause() instanceof RecordTooLargeException)) {
                throw problem;
            }
            LOG.warn("event=dead_letter_too_large source={}", reasons.get("dead-letter-source"));
            ProducerRecord<String, byte[]> note = new ProducerRecord<>(letter.topic(), task.key(), null);
            add(note, reasons);
            send(note);
        }
    }

    private static void add(ProducerRecord<String, byte[]> letter, Map<String, String> headers) {
        headers.forEach((name, text) -> letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ProducerRecord<String, byte[]> record) throws IOException, InterruptedException {
        try {
            producer.send(record).get();
        } catch (ExecutionException problem) {
            throw new IOException("Kafka did not take a record for " + record.topic(), problem.getCause());
        } catch (InterruptException interrupt) {
            throw new InterruptedException("interrupted while sending to " + record.topic());
        } catch (KafkaException problem) {
            throw new IOException("Kafka did not take a record for " + record.topic(), problem);
        }
    }
}
