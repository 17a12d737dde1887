package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an account wants to be called whenever something happens. Immutable.
 *
 * @param id {@code we_} and 32 hexadecimal digits
 * @param types of the events it wants to hear of
 * @param includeData whether calls carry the pictures' addresses
 * @param updatedAt when its owner changed it last
 * @param secrets what calls are signed with, the newest first
 * @param failingSince when its calls began to fail, if none has succeeded since
 * @param disabled why it is not called any more
 */
public record Endpoint(
        String id,
        String name,
        String url,
        Set<String> types,
        @JsonProperty("include_data") boolean includeData,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("updated_at") Instant updatedAt,
        List<SigningSecret> secrets,
        @JsonProperty("failing_since") Optional<Instant> failingSince,
        Optional<Disabled> disabled) {
    /** For how long the former secret signs as well, if its owner wants that. */
    private static final Duration OVERLAP = Duration.ofHours(24);

    private static final Pattern ID = Pattern.compile("we_[0-9a-f]{32}");

    /** Why an endpoint is not called any more. */
    public enum Disabled {
        /** Its owner said so. */
        @JsonProperty("by_owner")
        BY_OWNER,
        /** It answered 410. */
        @JsonProperty("gone")
        GONE,
        /** Its calls have failed for days. */
        @JsonProperty("failing")
        FAILING
    }

    public Endpoint {
        if (!isId(id) || secrets.isEmpty() || types.isEmpty()) {
            throw new IllegalArgumentException("an endpoint has an id, an event type and a secret");
        }
        // In one order, so that equal endpoints are stored as equal bytes.
        types = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(types));
        secrets = List.copyOf(secrets);
    }

    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    boolean wants(String type) {
        return disabled.isEmpty() && types.contains(type);
    }

    public SigningSecret secret() {
        return secrets.get(0);
    }

    List<SigningSecret> activeSecrets(Instant now) {
        return secrets.stream().filter(secret -> secret.isActive(now)).toList();
    }

    /** As its owner wants it from now on; one that had been disabled, or has another address now,
     * starts with a clean slate. */
    public Endpoint changed(
            String newName, String newUrl, Set<String> newTypes, boolean data, boolean enabled, Instant now) {
        Optional<Disabled> newDisabled = enabled ? Optional.empty() : Optional.of(disabled.orElse(Disabled.BY_OWNER));
        boolean afresh = !newUrl.equals(url) || (enabled && disabled.isPresent());
        Optional<Instant> since = afresh ? Optional.empty() : failingSince;
        Endpoint changed =
                new Endpoint(id, newName, newUrl, newTypes, data, createdAt, now, secrets, since, newDisabled);
        return changed.withUpdatedAt(updatedAt).equals(this) ? this : changed;
    }

    private Endpoint withUpdatedAt(Instant at) {
        return new Endpoint(id, name, url, types, includeData, createdAt, at, secrets, failingSince, disabled);
    }

    /** Signs with another secret from now on; former ones still unexpired stay only if {@code overlapping}. */
    public Endpoint rotated(SigningSecret fresh, boolean overlapping, Instant now) {
        Stream<SigningSecret> former = overlapping
                ? activeSecrets(now).stream()
                        .limit(2)
                        .map(secret -> secret.until().isPresent() ? secret : secret.expiring(now.plus(OVERLAP)))
                : Stream.empty();
        List<SigningSecret> all = Stream.concat(Stream.of(fresh), former).toList();
        return new Endpoint(id, name, url, types, includeData, createdAt, now, all, failingSince, disabled);
    }

    Endpoint failingSince(Optional<Instant> since) {
        return new Endpoint(id, name, url, types, includeData, createdAt, updatedAt, secrets, since, disabled);
    }

    Endpoint disabled(Disabled why) {
        return new Endpoint(
                id, name, url, types, includeData, createdAt, updatedAt, secrets, failingSince, Optional.of(why));
    }

    /** Without address and secrets. */
    @Override
    public String toString() {
        return id;
    }
}
