package dev.thunderhead.storage;

import dev.thunderhead.storage.S3Calls.RefusedException;
import io.minio.GetBucketLifecycleArgs;
import io.minio.MinioClient;
import io.minio.SetBucketLifecycleArgs;
import io.minio.messages.Filter;
import io.minio.messages.LifecycleConfiguration;
import io.minio.messages.LifecycleConfiguration.Rule;
import io.minio.messages.Status;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lifecycle configuration of a bucket. Beside the rules that it is given it sets rules that end uploads in parts
 * that a crash has left: their parts are no objects, so no sweep finds them. A store without such rules has to do it in
 * its own way, as MinIO does after a day; where there is none at all, as in one that keeps its objects in a directory,
 * the parts stay until its operator deletes them. Thread-safe; of two that change it at once the later one wins.
 */
final class S3Lifecycle implements Lifecycle {
    private static final int NOT_IMPLEMENTED = 501;

    /** Longer than any upload lasts. */
    private static final int DAYS_UNFINISHED = 2;

    /** What is written in parts. */
    private static final List<String> IN_PARTS = List.of("files/", "batches/");

    private final MinioClient client;
    private final String bucket;

    S3Lifecycle(MinioClient client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public boolean expire(List<Expiry> rules) throws IOException {
        List<Rule> expiring = rules.stream().map(S3Lifecycle::rule).toList();
        List<Rule> all = Stream.concat(expiring.stream(), IN_PARTS.stream().map(S3Lifecycle::ofUnfinished))
                .toList();
        // Some stores refuse them all for a rule that they do not know.
        return set(all) || set(expiring);
    }

    private boolean set(List<Rule> rules) throws IOException {
        try {
            change(rules);
            return true;
        } catch (RefusedException problem) {
            if (problem.status() >= 500 && problem.status() != NOT_IMPLEMENTED) {
                throw problem;
            }
            return false;
        }
    }

    private void change(List<Rule> rules) throws IOException {
        List<Rule> present = rules();
        List<Rule> wanted = new ArrayList<>(rules);
        Set<String> ours = rules.stream().map(rule -> rule.id()).collect(Collectors.toSet());
        present.stream().filter(rule -> !ours.contains(rule.id())).forEach(wanted::add);
        if (told(present).equals(told(wanted))) {
            return;
        }
        String unused = S3Calls.calling("setting the lifecycle of bucket " + bucket, () -> {
            client.setBucketLifecycle(SetBucketLifecycleArgs.builder()
                    .bucket(bucket)
                    .config(new LifecycleConfiguration(wanted))
                    .build());
            return bucket;
        });
    }

    private List<Rule> rules() throws IOException {
        return S3Calls.calling(
                "reading the lifecycle of bucket " + bucket,
                () -> Optional.ofNullable(client.getBucketLifecycle(
                                GetBucketLifecycleArgs.builder().bucket(bucket).build()))
                        .map(LifecycleConfiguration::rules)
                        .orElse(List.of()));
    }

    private static Rule rule(Expiry expiry) {
        return new Rule(
                Status.ENABLED,
                null,
                new LifecycleConfiguration.Expiration((ZonedDateTime) null, expiry.days(), null, null),
                new Filter(expiry.prefix()),
                expiry.id(),
                null,
                null,
                null);
    }

    private static Rule ofUnfinished(String prefix) {
        return new Rule(
                Status.ENABLED,
                new LifecycleConfiguration.AbortIncompleteMultipartUpload(DAYS_UNFINISHED),
                null,
                new Filter(prefix),
                "thunderhead-unfinished-" + prefix.substring(0, prefix.length() - 1),
                null,
                null,
                null);
    }

    // The SDK's rules have no equality of their own.
    private static Set<String> told(List<Rule> rules) {
        return rules.stream().map(rule -> rule.toString()).collect(Collectors.toSet());
    }
}
