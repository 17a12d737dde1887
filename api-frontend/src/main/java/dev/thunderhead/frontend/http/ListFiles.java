package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.listing.Page;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/files}: {@code after}, {@code limit}, {@code purpose}, {@code order}; without it the newest first. */
final class ListFiles implements JsonAnswer.Action {
    /** OpenAI gives 10,000 at a time, and not all of its SDKs go on by themselves. A page of ours takes about a second. */
    static final ListQuery.Limits LIMITS = new ListQuery.Limits(1_000, 1_000, 10_000);

    private final Files files;

    ListFiles(Files files) {
        this.files = files;
    }

    @Override
    public Object answer(Question question) throws IOException {
        ListQuery query = ListQuery.of(question.query(), LIMITS);
        // One that has been deleted still says where to go on: who deletes page by page has no other.
        Optional<FileId> after = query.after().map(id -> FileId.parse(id).orElseThrow(Page::unknownCursor));
        Optional<String> purpose =
                Optional.ofNullable(question.query().get("purpose")).filter(text -> !text.isEmpty());
        Page<FileId, StoredFile> page =
                files.list(question.account(), purpose, after, query.limit(), query.ascending());
        List<FileAnswer> found = page.entries().stream().map(FileAnswer::of).toList();
        return ListPage.of(found, FileAnswer::id, page.next().map(FileId::value));
    }
}
