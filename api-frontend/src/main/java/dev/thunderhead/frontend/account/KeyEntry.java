package dev.thunderhead.frontend.account;

import dev.thunderhead.job.Account;
import java.util.regex.Pattern;

/**
 * What is known of a key.
 *
 * @param sha256 the key's hash, 64 hexadecimal digits
 * @param account whom it stands for; an account may have several keys
 * @param limits the account's; where its keys differ, each request counts by its own key's
 */
public record KeyEntry(String sha256, Account account, Limits limits) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public KeyEntry {
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits in lower case");
        }
    }
}
