package dev.thunderhead.frontend.file;

import dev.thunderhead.job.Account;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A note to look at a file at a certain time, and to clear away what nobody keeps any more. Notes lie in the order of time,
 * so that who clears away looks at those alone that are due.
 *
 * @param at to the second
 */
public record FileExpiry(Instant at, Account account, FileId file) {
    /** The prefix of all notes. */
    public static final String PREFIX = "files/expiry/";

    private static final Pattern KEY = Pattern.compile(PREFIX + "([0-9]{11})/([^/]+)/([^/]+)");

    /** Where the note lies: {@code files/expiry/<unix seconds>/<account>/<file>}. */
    String key() {
        return listedBefore(at) + account + "/" + file;
    }

    /** The text before which a listing has all notes of earlier seconds. */
    public static String listedBefore(Instant time) {
        return PREFIX + String.format(Locale.ROOT, "%011d", time.getEpochSecond()) + "/";
    }

    /** The note at that key, or nothing where none of ours can be. */
    public static Optional<FileExpiry> parse(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(matcher.group(1)));
        try {
            Account account = new Account(matcher.group(2));
            return FileId.parse(matcher.group(3)).map(file -> new FileExpiry(at, account, file));
        } catch (IllegalArgumentException problem) {
            return Optional.empty();
        }
    }
}
