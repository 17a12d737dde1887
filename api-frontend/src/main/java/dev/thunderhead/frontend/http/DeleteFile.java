package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import java.io.IOException;
import java.util.Optional;

/** {@code DELETE /v1/files/{id}}: the file is gone, and its content with it. */
final class DeleteFile implements JsonAnswer.Action {
    private final Files files;

    private record Deleted(String id, String object, boolean deleted) {}

    DeleteFile(Files files) {
        this.files = files;
    }

    @Override
    public Object answer(Question question) throws IOException {
        String name = question.part(FileRoutes.ID).orElseThrow();
        Optional<FileId> id = FileId.parse(name);
        if (id.isEmpty() || !files.delete(question.account(), id.get())) {
            throw FileAnswer.absent(name);
        }
        return new Deleted(id.get().value(), "file", true);
    }
}
