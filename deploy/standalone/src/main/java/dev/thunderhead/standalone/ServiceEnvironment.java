package dev.thunderhead.standalone;

import dev.thunderhead.model.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of the two services, in the form in which their own processes would find them.
 *
 * @param frontend the environment of {@code api-frontend}
 * @param worker the environment of {@code render-worker}
 */
record ServiceEnvironment(Map<String, String> frontend, Map<String, String> worker) {
    private static final String ALIAS = "bytedance/stable-diffusion-xl-lightning";

    ServiceEnvironment {
        frontend = Map.copyOf(frontend);
        worker = Map.copyOf(worker);
    }

    /**
     * Puts the settings together; inner ports are chosen free.
     *
     * @param kafka the broker's {@code host:port}
     * @param store how to reach the store
     */
    static ServiceEnvironment of(Settings settings, String kafka, Map<String, String> store) throws IOException {
        Map<String, String> both = new HashMap<>(store);
        both.put("THUNDERHEAD_HOST", "127.0.0.1");
        both.put("THUNDERHEAD_MANAGEMENT_PORT", "0");
        both.put("THUNDERHEAD_MODELS", settings.models());
        both.put("THUNDERHEAD_KAFKA", kafka);
        // With one partition every claim can take every task; a second one would only keep tasks from an idle claim.
        both.put("THUNDERHEAD_KAFKA_PARTITIONS", "1");
        Map<String, String> frontend = new HashMap<>(both);
        frontend.put("THUNDERHEAD_PORT", Integer.toString(settings.port()));
        frontend.put("THUNDERHEAD_KEYS_FILE", settings.data().keys().toString());
        frontend.put("THUNDERHEAD_MEDIA_SECRET", settings.data().signingSecret().readOrMake());
        frontend.put("THUNDERHEAD_MODEL_ALIASES", ALIAS + "=" + firstModel(settings));
        // Whoever tries things out on one machine has the receiver there as well.
        frontend.put("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "true");
        Map<String, String> worker = new HashMap<>(both);
        settings.device().ifPresent(device -> worker.put("THUNDERHEAD_DEVICE", device));
        return new ServiceEnvironment(frontend, worker);
    }

    private static String firstModel(Settings settings) throws IOException {
        return ModelDescriptor.read(Path.of(settings.models().split(",", 2)[0].strip()))
                .id();
    }
}
