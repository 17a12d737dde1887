package dev.thunderhead.frontend.answer;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** Puts pictures into answers: as addresses, or as they are. Thread-safe. */
public final class PictureData {
    private final PictureAddresses addresses;
    private final ObjectStore store;
    private final ObjectKeys keys;

    public PictureData(PictureAddresses addresses, ObjectStore store, ObjectKeys keys) {
        this.addresses = addresses;
        this.store = store;
        this.keys = keys;
    }

    /**
     * The picture as its job's owner wants it; blocks where that is the picture itself.
     *
     * @throws IOException when it cannot be fetched
     */
    public ImagesResponse.Datum of(FoundJob job, TaskId task, Outcome.Picture picture) throws IOException {
        return job.job().inline()
                ? new ImagesResponse.Datum.Content(base64(job.account(), task, picture), picture.seed())
                : address(job.account(), task, picture);
    }

    /**
     * As {@link #of}, but as its address where the picture itself is not there any more: whoever fetches it is told so, and
     * the others of its job are not lost with it.
     *
     * @throws IOException when it cannot be fetched
     */
    public ImagesResponse.Datum ofKept(FoundJob job, TaskId task, Outcome.Picture picture) throws IOException {
        Optional<byte[]> file = job.job().inline() ? file(job.account(), task, picture) : Optional.empty();
        return file.<ImagesResponse.Datum>map(
                        content -> new ImagesResponse.Datum.Content(base64(content), picture.seed()))
                .orElseGet(() -> address(job.account(), task, picture));
    }

    /** The picture as an address, whatever its job's owner wants. */
    public ImagesResponse.Datum address(Account account, TaskId task, Outcome.Picture picture) {
        return new ImagesResponse.Datum.Url(addresses.of(account, task, picture.format()), picture.seed());
    }

    /**
     * The picture itself, in base 64. Blocks.
     *
     * @throws ApiException when it was deleted
     * @throws IOException when it cannot be fetched
     */
    public String base64(Account account, TaskId task, Outcome.Picture picture) throws IOException {
        return base64(file(account, task, picture)
                .orElseThrow(() -> ApiError.of(
                                ErrorKind.NOT_FOUND, "picture_deleted", "the picture " + task + " was deleted")
                        .asException()));
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    // What its owner has deleted meanwhile has left a tombstone there.
    private Optional<byte[]> file(Account account, TaskId task, Outcome.Picture picture) throws IOException {
        return store.get(keys.outcome(account, task)).filter(file -> file.length == picture.bytes());
    }
}
