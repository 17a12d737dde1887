package dev.thunderhead.frontend.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that are valid now. Immutable. */
final class Keyring {
    private static final int SHELF = 8;

    private final Map<String, List<KeyEntry>> shelves = new HashMap<>();

    Keyring(List<KeyEntry> entries) {
        for (KeyEntry entry : entries) {
            String shelf = entry.sha256().substring(0, SHELF);
            shelves.computeIfAbsent(shelf, name -> new ArrayList<>()).add(entry);
        }
    }

    /** The entry of the key. Hashes are compared in constant time, within the few that begin alike. */
    Optional<KeyEntry> find(ApiKey key) {
        String hash = key.sha256();
        byte[] wanted = hash.getBytes(StandardCharsets.US_ASCII);
        return shelves.getOrDefault(hash.substring(0, SHELF), List.of()).stream()
                .filter(entry -> MessageDigest.isEqual(entry.sha256().getBytes(StandardCharsets.US_ASCII), wanted))
                .findFirst();
    }
}
