package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.job.Account;
import java.io.IOException;
import java.util.Optional;

/** A file as OpenAI's API shows it. */
record FileAnswer(
        String id,
        String object,
        long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") long expiresAt,
        String filename,
        String purpose,
        String status,
        @JsonProperty("status_details") Optional<String> statusDetails) {
    static FileAnswer of(StoredFile file) {
        return new FileAnswer(
                file.id().value(),
                "file",
                file.bytes(),
                file.createdAt().getEpochSecond(),
                file.expiresAt().getEpochSecond(),
                file.name(),
                file.purpose(),
                "processed",
                Optional.empty());
    }

    /** The account's file of that id. */
    static StoredFile find(Files files, Account account, String id) throws IOException {
        Optional<FileId> parsed = FileId.parse(id);
        Optional<StoredFile> file = parsed.isPresent() ? files.find(account, parsed.get()) : Optional.empty();
        return file.orElseThrow(() -> absent(id));
    }

    /** The same for an unknown id, a foreign one and one whose file has expired. */
    static ApiException absent(String id) {
        return ApiError.of(
                        ErrorKind.NOT_FOUND,
                        "file_not_found",
                        "there is no file " + ApiError.shown(id)
                                + ": it was deleted, has expired, or is another account's; GET /v1/files lists yours")
                .asException();
    }
}
