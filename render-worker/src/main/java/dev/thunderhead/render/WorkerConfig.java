package dev.thunderhead.render;

import dev.thunderhead.config.Environment;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.render.work.WorkSettings;
import dev.thunderhead.storage.S3Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a worker needs to know besides its models.
 *
 * @param workerId names it in the share group, in logs and dead letters; differs from every other worker's
 * @param management where health, readiness and metrics are served
 */
public record WorkerConfig(
        String workerId, KafkaSettings kafka, S3Settings store, WorkSettings work, ManagementAddress management) {

    /**
     * An address to listen on.
     *
     * @param host an interface's name or address; {@code 0.0.0.0} for all
     * @param port 0 for any free one
     */
    public record ManagementAddress(String host, int port) {
        static ManagementAddress from(Environment environment) {
            return new ManagementAddress(
                    environment.text("THUNDERHEAD_HOST", "127.0.0.1"),
                    environment.number("THUNDERHEAD_MANAGEMENT_PORT", 9091, 0, 65_535));
        }
    }

    /** Reads the settings; {@code THUNDERHEAD_WORKER_ID} is the host's name and a few random digits by default. */
    public static WorkerConfig from(Environment environment) {
        return new WorkerConfig(
                environment.value("THUNDERHEAD_WORKER_ID").orElseGet(WorkerConfig::randomId),
                KafkaSettings.from(environment),
                S3Settings.from(environment),
                WorkSettings.from(environment),
                ManagementAddress.from(environment));
    }

    private static String randomId() {
        byte[] digits = new byte[3];
        ThreadLocalRandom.current().nextBytes(digits);
        return host() + "-" + HexFormat.of().formatHex(digits);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException problem) {
            return "worker";
        }
    }
}
