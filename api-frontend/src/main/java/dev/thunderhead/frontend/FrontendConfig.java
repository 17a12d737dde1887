package dev.thunderhead.frontend;

import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.http.HttpSettings;
import dev.thunderhead.frontend.media.MediaSettings;
import dev.thunderhead.frontend.retention.RetentionSettings;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.S3Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that a frontend needs to know. Each part of it gets only its own record.
 *
 * @param managementPort for health, readiness and metrics; 0 for a free one
 * @param keysFile who may use the API
 */
public record FrontendConfig(
        HttpSettings http,
        int managementPort,
        KafkaSettings kafka,
        S3Settings store,
        MediaSettings media,
        Path keysFile,
        ModelCatalog catalog,
        CallSettings calls,
        RetentionSettings retention,
        WebhookSettings webhooks,
        FileSettings files) {

    /** Reads {@code THUNDERHEAD_*}. */
    public static FrontendConfig from(Environment environment) {
        HttpSettings http = HttpSettings.from(environment);
        int managementPort = environment.number("THUNDERHEAD_MANAGEMENT_PORT", 8081, 0, 65_535);
        KafkaSettings kafka = KafkaSettings.from(environment);
        S3Settings store = S3Settings.from(environment);
        Path keysFile = environment.path("THUNDERHEAD_KEYS_FILE");
        environment.text("THUNDERHEAD_MODELS");
        List<ModelDescriptor> models = environment.parsed(
                "THUNDERHEAD_MODELS", List.of(), text -> ModelCatalog.read(List.of(text.split("\\s*,\\s*"))));
        Map<String, String> aliases = environment.parsed("THUNDERHEAD_MODEL_ALIASES", Map.of(), ModelCatalog::aliases);
        MediaSettings media = MediaSettings.from(environment);
        CallSettings calls = CallSettings.from(environment);
        RetentionSettings retention = RetentionSettings.from(environment);
        return new FrontendConfig(
                http,
                managementPort,
                kafka,
                store,
                media,
                keysFile,
                new ModelCatalog(models, aliases),
                calls,
                retention,
                WebhookSettings.from(environment),
                FileSettings.from(environment, retention.results()));
    }
}
