package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.job.Account;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A call that is to be made, and how far it is: what stands in the journal until it is done. Immutable.
 *
 * <p>Its id, which receivers see as {@code webhook-id}, is {@code msg_}, twelve hexadecimal digits of inverted time and 32
 * of a hash over job or batch, event type and target: the same whoever computes it, and the newest first in a listing.
 *
 * @param type the event's, for example {@code image.generation.completed}
 * @param payload the request's body, to the letter
 * @param createdAt when the event happened
 * @param round how often it was asked for anew, 0 at first
 * @param tries how many calls were made in this round
 * @param attempts what came of the calls, the last {@value #REMEMBERED} of all rounds
 * @param dueAt when the next one is due
 */
public record Delivery(
        String id,
        Account account,
        Target target,
        String type,
        String payload,
        @JsonProperty("created_at") Instant createdAt,
        int round,
        int tries,
        List<Attempt> attempts,
        @JsonProperty("due_at") Instant dueAt) {
    static final int REMEMBERED = 20;

    private static final Pattern ID = Pattern.compile("msg_[0-9a-f]{44}");
    private static final long LAST_MILLISECOND = (1L << 48) - 1;
    private static final int HASH_BYTES = 16;

    public Delivery {
        if (!isId(id)) {
            throw new IllegalArgumentException("not a delivery's id");
        }
        attempts = List.copyOf(attempts);
    }

    /** How far a delivery is. */
    public enum Status {
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED
    }

    /** A delivery that was never tried. */
    public static Delivery first(
            Account account, Target target, String subject, String type, String payload, Instant createdAt) {
        String id = id(createdAt, subject, type, target.name());
        return new Delivery(id, account, target, type, payload, createdAt, 0, 0, List.of(), createdAt);
    }

    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private static String id(Instant at, String... parts) {
        long inverted = LAST_MILLISECOND - at.toEpochMilli();
        return String.format(Locale.ROOT, "msg_%012x", inverted) + hash(parts);
    }

    /** The id of a call that is made once, to try an endpoint. */
    static String sampleId(Instant at, RandomGenerator random) {
        return id(at, Long.toString(random.nextLong()), Long.toString(random.nextLong()));
    }

    /** 32 hexadecimal digits that the texts decide. */
    static String hash(String... parts) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", problem);
        }
    }

    /** Has been called once more, and is to be called again at that time, if at all. */
    Delivery after(Attempt attempt, Instant nextAt) {
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(attempt);
        List<Attempt> last = all.subList(Math.max(0, all.size() - REMEMBERED), all.size());
        return new Delivery(id, account, target, type, payload, createdAt, round, tries + 1, last, nextAt);
    }

    /** Is asked for anew, with the whole schedule before it. */
    public Delivery again(Instant now) {
        return new Delivery(id, account, target, type, payload, createdAt, round + 1, 0, attempts, now);
    }

    /** Has its next call at another time. */
    Delivery postponed(Instant when) {
        return new Delivery(id, account, target, type, payload, createdAt, round, tries, attempts, when);
    }

    /** Who is called, among the receivers of all accounts. */
    public String receiver() {
        return account + " " + target.receiver();
    }

    /** Whether it tells more than another state of the same delivery. */
    boolean isNewerThan(Delivery other) {
        return round > other.round || (round == other.round && tries > other.tries);
    }
}
