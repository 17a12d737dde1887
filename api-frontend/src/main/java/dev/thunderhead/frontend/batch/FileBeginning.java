package dev.thunderhead.frontend.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells by a file's first bytes that it holds no lines at all, so that its owner reads one error, and not one for each of
 * what looks like lines. Immutable.
 */
final class FileBeginning {
    private static final int LENGTH = 1 << 12;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] LITTLE_ENDIAN = {(byte) 0xff, (byte) 0xfe};
    private static final byte[] BIG_ENDIAN = {(byte) 0xfe, (byte) 0xff};

    private static final Pattern ARRAY = Pattern.compile("(\u00ef\u00bb\u00bf)?[ \t\r\n]*\\[");
    private static final Pattern CARRIAGE_RETURNS = Pattern.compile("[^\n]*\\}[ \t]*\r[ \t\r]*\\{[^\n]*");

    private final byte[] bytes;

    /** @param bytes of a file, from its first one on */
    private FileBeginning(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param file at its beginning; it is left there */
    static FileBeginning of(InputStream file) throws IOException {
        file.mark(LENGTH);
        FileBeginning beginning = new FileBeginning(file.readNBytes(LENGTH));
        file.reset();
        return beginning;
    }

    /** What is wrong with the file as a whole, and what to do; empty when its lines can be looked at. */
    Optional<String> problem() {
        if (startsWith(GZIP)) {
            return Optional.of("the file is compressed with gzip: upload the plain JSON lines");
        }
        if (startsWith(ZIP)) {
            return Optional.of("the file is a zip archive: upload the plain JSON lines");
        }
        if (startsWith(LITTLE_ENDIAN) || startsWith(BIG_ENDIAN)) {
            return Optional.of("the file is UTF-16: save it as UTF-8, in PowerShell with Out-File -Encoding utf8");
        }
        // Each byte as one character: what is looked for is ASCII.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\0') >= 0) {
            return Optional.of("the file holds NUL bytes: it is binary, or no UTF-8; upload plain JSON lines");
        }
        if (ARRAY.matcher(text).lookingAt()) {
            return Optional.of("the file is a JSON array: upload its objects alone, one a line");
        }
        if (CARRIAGE_RETURNS.matcher(text).matches()) {
            return Optional.of("the file's lines end with carriage returns: end them with line feeds");
        }
        return Optional.empty();
    }

    private boolean startsWith(byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
