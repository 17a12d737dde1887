package dev.thunderhead.storage;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where things lie in the bucket.
 *
 * <ul>
 *   <li>a task's outcome: {@code tasks/<account>/<job>/<index>-<signature>}, for example
 *       {@code tasks/acme/job_7ywb6tq1zr0m3c5k8v2d9h4j6n/0-5f0c1f2a6b7d8e9f00112233445566aa}
 *   <li>a job's record: {@code jobs/<account>/<job>.json}; the newest comes first in a listing
 *   <li>a marker of one attempt to render a redelivered task: {@code attempts/<account>/<job>/<index>/<attempt>}
 *   <li>an account's webhook endpoints: {@code webhooks/<account>/endpoints.json}; the secret that signs other callbacks:
 *       {@code webhooks/<account>/secret.json}; what became of deliveries:
 *       {@code webhooks/<account>/deliveries/<endpoint>/<first digits of their ids>.json}, the newest first in a listing
 *   <li>what is known of an uploaded file: {@code files/records/<account>/<file>.json}; its content:
 *       {@code files/content/<account>/<file>}; a note that it expires: {@code files/expiry/<unix seconds>/<account>/<file>},
 *       the next first in a listing
 *   <li>a batch's record: {@code batches/records/<account>/<batch>.json}; a note that it has not ended:
 *       {@code batches/open/<account>/<batch>}; what was made for it: {@code batches/parts/<account>/<batch>/…}
 * </ul>
 *
 * <p>The signature is the first 128 bits of HMAC-SHA256 over {@code <account>/<job>/<index>}, in hexadecimal, so nobody
 * guesses one picture's address from another's. Thread-safe.
 */
public final class ObjectKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;

    private final SecretKeySpec secret;

    /** @param secret at least 32 characters; the same in every frontend, and for as long as media URLs shall work */
    public ObjectKeys(String secret) {
        if (secret.length() < 32) {
            throw new IllegalArgumentException("the secret for media URLs needs at least 32 characters");
        }
        this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The key of the task's one outcome object. */
    public String outcome(Account account, TaskId task) {
        return outcomes(account, task.job()) + task.index() + "-" + signature(account, task);
    }

    /** The prefix of the outcomes of all the job's tasks. */
    public static String outcomes(Account account, JobId job) {
        return "tasks/" + account + "/" + job + "/";
    }

    /** The key of the job's one record. */
    public static String job(Account account, JobId job) {
        return jobs(account) + job + ".json";
    }

    /** The prefix of the records of the account's jobs. */
    public static String jobs(Account account) {
        return "jobs/" + account + "/";
    }

    /** The prefix of the markers of this task's attempts. */
    public static String attempts(Account account, TaskId task) {
        return "attempts/" + account + "/" + task + "/";
    }

    /** The key of the account's webhook endpoints. */
    public static String webhookEndpoints(Account account) {
        return "webhooks/" + account + "/endpoints.json";
    }

    /** The key of the secret that signs the callbacks that the account's requests name themselves. */
    public static String webhookSecret(Account account) {
        return "webhooks/" + account + "/secret.json";
    }

    /** The prefix of what became of the deliveries to an endpoint. */
    public static String webhookDeliveries(Account account, String endpoint) {
        return "webhooks/" + account + "/deliveries/" + endpoint + "/";
    }

    /** The prefix of what is known of the account's files. */
    public static String files(Account account) {
        return "files/records/" + account + "/";
    }

    /** The key of what is known of a file. */
    public static String file(Account account, String file) {
        return files(account) + file + ".json";
    }

    /** The key of a file's content. */
    public static String fileContent(Account account, String file) {
        return "files/content/" + account + "/" + file;
    }

    /** The prefix of the account's batches. */
    public static String batches(Account account) {
        return "batches/records/" + account + "/";
    }

    /** The key of a batch's record. */
    public static String batch(Account account, String batch) {
        return batches(account) + batch + ".json";
    }

    /** The prefix of the notes that batches have not ended. */
    public static String openBatches() {
        return "batches/open/";
    }

    /** The key of the note that a batch has not ended. */
    public static String openBatch(Account account, String batch) {
        return openBatches() + account + "/" + batch;
    }

    /** The prefix of what was made for a batch. */
    public static String batchParts(Account account, String batch) {
        return "batches/parts/" + account + "/" + batch + "/";
    }

    /** 32 hexadecimal digits that only holders of the secret can compute. */
    public String signature(Account account, TaskId task) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] all = mac.doFinal((account + "/" + task).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(all, 0, SIGNATURE_BYTES);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java platform", problem);
        }
    }
}
