package dev.thunderhead.standalone;

import dev.thunderhead.frontend.account.ApiKey;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** The all-in-one's own API key: made at the first start, and kept for its owner. */
final class LocalKey {
    private static final Account ACCOUNT = new Account("local");
    /** Whoever owns the machine may use it up. */
    private static final Limits LIMITS = new Limits(100_000, 1_000);

    private LocalKey() {}

    /** The key in the data folder; a new one when there is none, or when the keys file does not know it. */
    static String of(DataFolder data) throws IOException {
        KeysFile keys = new KeysFile(data.keys());
        Optional<ApiKey> known = data.apiKey().read().flatMap(ApiKey::parse);
        if (known.isPresent() && isIn(keys, known.get())) {
            return known.get().text();
        }
        String key = keys.add(ACCOUNT, LIMITS).text();
        data.apiKey().write(key);
        return key;
    }

    private static boolean isIn(KeysFile keys, ApiKey key) throws IOException {
        return Files.exists(keys.path())
                && keys.read().stream().anyMatch(entry -> entry.sha256().equals(key.sha256()));
    }
}
