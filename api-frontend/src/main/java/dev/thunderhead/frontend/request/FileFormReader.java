package dev.thunderhead.frontend.request;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the form of {@code POST /v1/files} while it comes: one file, and fields before and behind it. To be asked in this
 * order: {@link #fileName}, {@link #content} to its end, {@link #fields}. All of it blocks, and belongs to one thread.
 *
 * <p>The file is not held. All else is small: {@value #MOST_BESIDES} bytes, whatever they are for.
 */
public final class FileFormReader {
    /** What a form may have besides its file, in bytes: fields, headers, boundaries, and what is around the form. */
    public static final int MOST_BESIDES = 64 * 1024;

    /** The longest field, in bytes. */
    static final int LONGEST_FIELD = 4 * 1024;

    /** The longest headers of one part, in bytes. A file's name may have 255 characters, each of them written as twelve. */
    private static final int LONGEST_HEADERS = 8 * 1024;

    private final Body body;
    private final MultipartInput parts;
    private final int maxFileBytes;
    private final Map<String, List<String>> fields = new HashMap<>();
    private @Nullable Part current;
    private @Nullable ApiException refusal;
    private long bytes;
    private long fileBytes;

    /** A part whose headers were read. A file has a filename, and a field has none. */
    private record Part(PartHead head, InputStream content) {}

    /**
     * A form that begins where the body does.
     *
     * @param contentType the body's, with the boundary
     * @param body not closed
     * @param maxFileBytes how large the file may be
     */
    public FileFormReader(String contentType, InputStream body, int maxFileBytes) throws IOException {
        this.body = new Body(body);
        this.maxFileBytes = maxFileBytes;
        this.parts = MultipartInput.builder()
                .setInputStream(this.body)
                .setBoundary(PartHead.boundary(contentType)
                        .orElseThrow(FileFormReader::malformed)
                        .getBytes(StandardCharsets.ISO_8859_1))
                .setMaxPartHeaderSize(LONGEST_HEADERS)
                .get();
        parts.setHeaderCharset(StandardCharsets.UTF_8);
    }

    /** The answer to a file that is too large. */
    public static ApiException tooLarge(int maxFileBytes) {
        return new ApiError(
                        ErrorKind.TOO_LARGE,
                        "file_too_large",
                        FileForm.FILE,
                        "the file is larger than " + maxFileBytes + " bytes",
                        new Retry.ByStatus())
                .asException();
    }

    private static ApiException malformed() {
        return Parameters.invalid(
                null,
                "the body is not a well-formed multipart form with the boundary that its Content-Type names, and with"
                        + " at most " + LONGEST_HEADERS + " bytes of headers in each part");
    }

    /**
     * Reads to the file.
     *
     * @return its name as the client gave it
     * @throws ApiException when the form cannot be taken as it is
     * @throws IOException when the body cannot be read
     */
    public String fileName() throws IOException {
        for (Optional<Part> part = next(); part.isPresent(); part = next()) {
            Optional<String> fileName = part.get().head().fileName();
            if (fileName.isPresent()) {
                return fileName.get();
            }
            take(part.get());
        }
        throw fields.isEmpty() ? malformed() : Parameters.invalid(FileForm.FILE, "file is missing");
    }

    /** The file's content. When reading it fails, {@link #refusal} tells whether that is because of the form. */
    public InputStream content() {
        return new Content(
                Objects.requireNonNull(current, "the name comes first").content());
    }

    /** What is wrong with the form, if that was found while the file's content was read. */
    public Optional<ApiException> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Reads what comes behind the file.
     *
     * @throws ApiException when the form cannot be taken as it is
     * @throws IOException when the body cannot be read
     */
    public FileForm fields() throws IOException {
        for (Optional<Part> part = next(); part.isPresent(); part = next()) {
            if (part.get().head().fileName().isPresent()) {
                throw Parameters.invalid(FileForm.FILE, "one file at a time");
            }
            take(part.get());
        }
        body.transferTo(OutputStream.nullOutputStream());
        if (fileBytes == 0) {
            throw Parameters.invalid(FileForm.FILE, "the file is empty");
        }
        return FileForm.parse(fields);
    }

    private Optional<Part> next() throws IOException {
        try {
            if (!advance()) {
                return Optional.empty();
            }
            PartHead head = PartHead.parse(parts.readHeaders()).orElseThrow(FileFormReader::malformed);
            requireFileIsFile(head.name(), head.fileName().isPresent());
            current = new Part(head, parts.newInputStream());
            return Optional.of(current);
        } catch (FileUploadException problem) {
            throw refusal().orElseGet(FileFormReader::malformed);
        }
    }

    /** Goes to where the next part begins; false at the form's end. */
    private boolean advance() throws IOException {
        if (current == null) {
            return parts.skipPreamble();
        }
        current.content().close();
        return parts.readBoundary();
    }

    private static void requireFileIsFile(String name, boolean isFile) {
        if (isFile && !name.equals(FileForm.FILE)) {
            throw Parameters.invalid(name, "the part that holds the file must be called " + FileForm.FILE);
        }
        if (!isFile && name.equals(FileForm.FILE)) {
            throw Parameters.invalid(
                    FileForm.FILE,
                    "file must be sent as a file, with a filename: with curl -F file=@lines.jsonl, with openai-java a"
                            + " Path, or a MultipartField that has a filename");
        }
    }

    private void take(Part field) throws IOException {
        String name = field.head().name();
        try {
            byte[] value = field.content().readNBytes(LONGEST_FIELD + 1);
            if (value.length > LONGEST_FIELD) {
                throw Parameters.invalid(name, name + " is longer than " + LONGEST_FIELD + " bytes");
            }
            fields.computeIfAbsent(name, first -> new ArrayList<>()).add(new String(value, StandardCharsets.UTF_8));
        } catch (FileUploadException problem) {
            throw malformed();
        }
    }

    private IOException refused(ApiException why) {
        refusal = why;
        return new IOException(why.getMessage(), why);
    }

    /** What is read in blocks, whoever reads it. */
    private abstract static class Blocks extends InputStream {
        @Override
        public abstract int read(byte[] into, int offset, int length) throws IOException;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }

    /** The whole body. It ends when too much of it is not the file's. */
    private final class Body extends Blocks {
        private final InputStream source;

        Body(InputStream source) {
            this.source = source;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = source.read(into, offset, length);
            bytes += Math.max(0, count);
            if (bytes - fileBytes > MOST_BESIDES) {
                throw refused(
                        Parameters.invalid(null, "besides its file the form has more than " + MOST_BESIDES + " bytes"));
            }
            return count;
        }
    }

    /** The file's content. It ends when it is too large. */
    private final class Content extends Blocks {
        private final InputStream part;

        Content(InputStream part) {
            this.part = part;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count;
            try {
                count = part.read(into, offset, length);
            } catch (FileUploadException problem) {
                throw refused(Parameters.invalid(FileForm.FILE, "the form ends in the middle of the file"));
            }
            fileBytes += Math.max(0, count);
            if (fileBytes > maxFileBytes) {
                throw refused(tooLarge(maxFileBytes));
            }
            return count;
        }
    }
}
