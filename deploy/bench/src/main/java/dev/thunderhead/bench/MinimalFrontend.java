package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The least that a frontend could do: it reads the body with Jackson, waits until Kafka has acknowledged a record as large
 * as a task's, through a producer with the same settings, and answers 202. It knows no limits, accounts, logs or metrics,
 * and nobody can ask it for the job.
 */
final class MinimalFrontend {
    private static final int DELIVERY_TIMEOUT = 5_000;
    private static final int ACCEPTED = 202;

    private final JsonMapper json = new JsonMapper();
    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final int recordBytes;

    private MinimalFrontend(KafkaProducer<String, byte[]> producer, String topic, int recordBytes) {
        this.producer = producer;
        this.topic = topic;
        this.recordBytes = recordBytes;
    }

    /** @param arguments the broker's address, the topic, and how many bytes a record has */
    public static void main(String[] arguments) throws Exception {
        KafkaConnection kafka = new KafkaConnection(new KafkaSettings(arguments[0], Map.of(), 1, 1));
        KafkaProducer<String, byte[]> producer = kafka.producer(DELIVERY_TIMEOUT);
        // From here on sending blocks nobody.
        producer.partitionsFor(arguments[1]);
        MinimalFrontend frontend = new MinimalFrontend(producer, arguments[1], Integer.parseInt(arguments[2]));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        int port = vertx.createHttpServer()
                .requestHandler(request -> frontend.handle(vertx, request))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
        System.out.println("port=" + port);
    }

    private void handle(Vertx vertx, HttpServerRequest request) {
        Context loop = vertx.getOrCreateContext();
        HttpServerResponse response = request.response();
        request.body()
                .compose(body -> submit(loop, body))
                .onSuccess(id -> response.setStatusCode(ACCEPTED)
                        .putHeader("content-type", "application/json")
                        .end(Buffer.buffer(answer(id))))
                .onFailure(problem -> response.setStatusCode(500).end(String.valueOf(problem.getMessage())));
    }

    private Future<String> submit(Context loop, Buffer body) {
        String id = UUID.randomUUID().toString();
        Promise<String> acknowledged = Promise.promise();
        try {
            byte[] content = body.getBytes();
            JsonNode request = json.readTree(content);
            if (!request.path("prompt").isTextual()) {
                return Future.failedFuture("there is no prompt");
            }
            // The callback tells as much, without anybody waiting.
            java.util.concurrent.Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic, id, Arrays.copyOf(content, recordBytes)),
                    (metadata, problem) -> loop.runOnContext(back -> {
                        if (problem == null) {
                            acknowledged.complete(id);
                        } else {
                            acknowledged.fail(problem);
                        }
                    }));
        } catch (IOException | RuntimeException problem) {
            return Future.failedFuture(problem);
        }
        return acknowledged.future();
    }

    private byte[] answer(String id) {
        try {
            return json.writeValueAsBytes(Map.of("id", id, "object", "image.job", "status", "queued"));
        } catch (IOException problem) {
            throw new IllegalStateException("text is written always", problem);
        }
    }
}
