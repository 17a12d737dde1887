package dev.thunderhead.storage;

import dev.thunderhead.config.Environment;
import java.net.URI;

/**
 * How to reach the store.
 *
 * @param endpoint where this process reaches it
 * @param publicEndpoint where clients reach it; presigned URLs name this one
 * @param region named explicitly, so that the SDK need not ask for it
 */
public record S3Settings(
        URI endpoint, URI publicEndpoint, String region, String bucket, String accessKey, String secretKey) {

    /** Reads {@code THUNDERHEAD_S3_*}. */
    public static S3Settings from(Environment environment) {
        URI endpoint = environment.uri("THUNDERHEAD_S3_ENDPOINT");
        return new S3Settings(
                endpoint,
                environment.uri("THUNDERHEAD_S3_PUBLIC_ENDPOINT", endpoint),
                environment.text("THUNDERHEAD_S3_REGION", "us-east-1"),
                environment.text("THUNDERHEAD_S3_BUCKET", "thunderhead"),
                environment.text("THUNDERHEAD_S3_ACCESS_KEY"),
                environment.text("THUNDERHEAD_S3_SECRET_KEY"));
    }
}
