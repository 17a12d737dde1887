package dev.thunderhead.frontend.media;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a picture in its stable address: {@code <account>-<job without prefix>-<index>-<signature>}, for example
 * {@code acme-7ywb6tq1zr0m3c5k8v2d9h4j6n-0-5f0c1f2a6b7d8e9f00112233445566aa}. The signature makes it a secret: whoever
 * has the address may see the picture.
 */
public record MediaToken(Account account, TaskId task, String signature) {
    private static final String JOB_PREFIX = "job_";
    private static final Pattern FORM =
            Pattern.compile("([a-z0-9-]{1,40})-([0-9a-z]{26})-(0|[1-9][0-9]{0,4})-([0-9a-f]{32})");

    public static MediaToken of(Account account, TaskId task, ObjectKeys keys) {
        return new MediaToken(account, task, keys.signature(account, task));
    }

    /** The token that the text is, if it has the form and the signature is ours; needs no look at the store. */
    public static Optional<MediaToken> verify(String text, ObjectKeys keys) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Account account = new Account(matcher.group(1));
            JobId job = new JobId(JOB_PREFIX + matcher.group(2));
            MediaToken token =
                    new MediaToken(account, new TaskId(job, Integer.parseInt(matcher.group(3))), matcher.group(4));
            return token.isSignedBy(keys) ? Optional.of(token) : Optional.empty();
        } catch (IllegalArgumentException problem) {
            return Optional.empty();
        }
    }

    // In constant time, so that the signature cannot be guessed digit by digit.
    private boolean isSignedBy(ObjectKeys keys) {
        return MessageDigest.isEqual(
                keys.signature(account, task).getBytes(StandardCharsets.US_ASCII),
                signature.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        String job = task.job().value().substring(JOB_PREFIX.length());
        return account + "-" + job + "-" + task.index() + "-" + signature;
    }
}
