package dev.thunderhead.standalone;

import dev.thunderhead.backing.LocalStore;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to sign requests to the in-process store. The secret key is made once and kept in the data folder.
 *
 * @param credentials the one pair of keys that the store knows
 */
record StoreAccess(LocalStore.Credentials credentials) {
    static final String BUCKET = "thunderhead";
    private static final String ACCESS_KEY = "thunderhead";

    static StoreAccess of(DataFolder data) throws IOException {
        return new StoreAccess(
                new LocalStore.Credentials(ACCESS_KEY, data.s3SecretKey().readOrMake()));
    }

    /** What the services' environment says of the store; sorted. */
    Map<String, String> environment(LocalStore store) {
        return new TreeMap<>(Map.of(
                "THUNDERHEAD_S3_ENDPOINT", store.endpoint(),
                "THUNDERHEAD_S3_BUCKET", BUCKET,
                "THUNDERHEAD_S3_ACCESS_KEY", credentials.accessKey(),
                "THUNDERHEAD_S3_SECRET_KEY", credentials.secretKey()));
    }
}
