package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * The one secret of each account that signs the callbacks that requests name themselves. Made when it is first asked for,
 * and never changed. Blocks. Thread-safe, also among frontends.
 */
public final class DefaultSecrets {
    private static final int REMEMBERED = 10_000;

    private final ObjectStore store;
    private final RandomGenerator random;
    private final ConcurrentMap<Account, SigningSecret> known = new ConcurrentHashMap<>();

    /** @param random thread-safe and not to be guessed */
    public DefaultSecrets(ObjectStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    public SigningSecret of(Account account) throws IOException {
        SigningSecret secret = known.get(account);
        if (secret == null) {
            secret = findOrMake(account);
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            known.put(account, secret);
        }
        return secret;
    }

    private SigningSecret findOrMake(Account account) throws IOException {
        String key = ObjectKeys.webhookSecret(account);
        Optional<byte[]> stands = store.get(key);
        if (stands.isEmpty()) {
            SigningSecret fresh = SigningSecret.create(random);
            if (store.putIfAbsent(key, Json.bytes(fresh), "application/json", Map.of()) == ObjectStore.Put.STORED) {
                return fresh;
            }
            stands = store.get(key);
        }
        try {
            return Json.read(
                    stands.orElseThrow(() -> new IOException("an account's webhook secret is gone")),
                    SigningSecret.class);
        } catch (MalformedRecordException problem) {
            throw new IOException("an account's webhook secret cannot be read", problem);
        }
    }
}
