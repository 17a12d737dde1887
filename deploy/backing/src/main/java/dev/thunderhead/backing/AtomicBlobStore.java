package dev.thunderhead.backing;

import com.google.common.util.concurrent.Striped;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Closes the gaps between the file system store and S3 that clients of Thunderhead could fall into: {@code If-Match} is
 * atomic, an object that is still being written is not listed, and a write does not fail because the last other object in
 * its folder is deleted at that moment. {@code If-None-Match: *} is atomic already, by a hard link.
 *
 * <p>Thread-safe. The locks hold within this process, and one process serves a folder.
 */
final class AtomicBlobStore extends ForwardingBlobStore {
    /** What the store adds to a key to name the file that it writes to before the object exists. */
    private static final Pattern UNFINISHED =
            Pattern.compile(".*-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.DOTALL);

    private static final int ATTEMPTS = 5;

    private final Striped<Lock> locks = Striped.lock(64);

    AtomicBlobStore(BlobStore files) {
        super(files);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        if (request.ifMatch() == null) {
            return write(request, content);
        }
        Lock lock = locks.get(request.bucket() + "/" + request.key());
        lock.lock();
        try {
            requireMatch(request);
            return write(request, content);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response page = super.list(request);
        List<S3Object> finished = page.contents().stream()
                .filter(object -> !UNFINISHED.matcher(object.key()).matches())
                .toList();
        return page.toBuilder().contents(finished).build();
    }

    private void requireMatch(PutObjectRequest request) {
        HeadObjectResponse current = blobMetadataIfPresent(request.bucket(), request.key());
        if (current == null) {
            throw S3Exceptions.noSuchKey(request.bucket(), request.key(), "If-Match");
        }
        if (!unquoted(request.ifMatch()).equals(unquoted(current.eTag()))) {
            throw S3Exceptions.preconditionFailed(null);
        }
    }

    /**
     * Makes the folder again when a delete of its last object took it away between its making and the opening of the
     * file; nothing of the content has been read by then.
     */
    private PutObjectResponse write(PutObjectRequest request, InputStream content) {
        InputStream unclosed = new FilterInputStream(content) {
            @Override
            public void close() {
                // The server that handed in the stream closes it; the store below would, and could not try again.
            }
        };
        for (int attempt = 1; ; attempt++) {
            try {
                return super.putBlob(request, unclosed);
            } catch (RuntimeException problem) {
                if (!(problem.getCause() instanceof NoSuchFileException) || attempt == ATTEMPTS) {
                    throw problem;
                }
            }
        }
    }

    private static String unquoted(String entityTag) {
        return entityTag.replace("\"", "");
    }
}
