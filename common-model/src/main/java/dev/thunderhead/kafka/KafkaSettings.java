package dev.thunderhead.kafka;

import dev.thunderhead.config.Environment;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach Kafka.
 *
 * @param bootstrap {@code host:port}, several separated by commas
 * @param client further client properties, for example for TLS and SASL
 * @param partitions of a topic that has to be created; a few per ten workers, since workers share partitions unevenly
 *     when there are many
 * @param replication of a topic that has to be created
 */
public record KafkaSettings(String bootstrap, Map<String, String> client, int partitions, int replication) {
    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /** Reads {@code THUNDERHEAD_KAFKA*}. */
    public static KafkaSettings from(Environment environment) {
        return new KafkaSettings(
                environment.text("THUNDERHEAD_KAFKA"),
                environment.parsed("THUNDERHEAD_KAFKA_PROPERTIES", Map.of(), KafkaSettings::properties),
                environment.number("THUNDERHEAD_KAFKA_PARTITIONS", 4, 1, 1000),
                environment.number("THUNDERHEAD_KAFKA_REPLICATION", 1, 1, 10));
    }

    private static Map<String, String> properties(String file) {
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            Properties properties = new Properties();
            properties.load(reader);
            Map<String, String> map = new HashMap<>();
            properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
            return map;
        } catch (IOException problem) {
            throw new IllegalArgumentException("cannot read the client properties in " + file, problem);
        }
    }
}
