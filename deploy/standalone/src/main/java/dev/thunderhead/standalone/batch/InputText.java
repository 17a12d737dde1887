package dev.thunderhead.standalone.batch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The text of an input: UTF-8, with or without a byte order mark. */
final class InputText {
    static final char BYTE_ORDER_MARK = '\uFEFF';
    /** Begins a ZIP archive, and so the workbooks of spreadsheets. */
    private static final byte[] ARCHIVE = {'P', 'K', 3, 4};

    private static final String ADVICE = ": save it as UTF-8 (Excel: Save As, \"CSV UTF-8\")";

    private InputText() {}

    /** Reads a text. */
    @FunctionalInterface
    interface Reading {
        void from(BufferedReader text) throws IOException;
    }

    /**
     * Has a file read.
     *
     * @throws InputException when it is no such text
     */
    static void read(Path file, Reading reading) throws IOException {
        if (isArchive(file)) {
            throw new InputException(file + " is a workbook, and no text" + ADVICE);
        }
        try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            reading.from(text);
        } catch (CharacterCodingException problem) {
            throw notUtf8(file);
        } catch (UncheckedIOException problem) {
            throw problem.getCause() instanceof CharacterCodingException ? notUtf8(file) : problem;
        }
    }

    private static InputException notUtf8(Path file) {
        return new InputException(file + " is not UTF-8 text" + ADVICE);
    }

    private static boolean isArchive(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ARCHIVE.length), ARCHIVE);
        }
    }
}
