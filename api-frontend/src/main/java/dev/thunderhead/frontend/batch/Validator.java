package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.ResponseFormat;
import dev.thunderhead.job.OutputFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads a batch's file once, before anything of it is queued. Blocks. Thread-safe. */
final class Validator {
    /** The most requests in a file; OpenAI's. */
    static final int MAX_LINES = 50_000;

    /** Blank lines count for little, but not for nothing. */
    private static final int MAX_BLANK_LINES = 50_000;

    private static final String TOO_MANY = String.format(
            Locale.ROOT, "a batch has at most %,d requests, and as many blank lines: split the file", MAX_LINES);

    /** The most that pictures may come to that are to be in the output themselves, in bytes: 100 GB. */
    static final long MAX_INLINE_BYTES = 100_000_000_000L;

    private static final double GB = 1e9;
    private static final double PNG_BYTES_PER_PIXEL = 2;
    private static final double JPEG_BYTES_PER_PIXEL = 0.5;

    private static final int SHOWN_ERRORS = 100;
    private static final int PAGE_LINES = 64;
    private static final int PAGE_BYTES = 1 << 16;

    private final LineJudge judge;

    Validator(LineJudge judge) {
        this.judge = judge;
    }

    /** What came of it. */
    sealed interface Verdict {
        /** Nothing of the file is to be queued. */
        record Refused(List<BatchError> errors) implements Verdict {}

        /**
         * Its lines can be queued.
         *
         * @param lines how many, blank ones included
         * @param total how many requests those are
         * @param model what paints all that are accepted, if it is one
         * @param done the blank ones and the refused ones
         * @param refused requests that a synchronous call would have been refused as well
         */
        record Passed(Plan plan, int lines, int total, Optional<String> model, BitSet done, List<LineResult> refused)
                implements Verdict {}
    }

    /** @param file from its beginning; not closed */
    Verdict validate(InputStream file) throws IOException {
        InputStream bytes = new BufferedInputStream(file);
        Optional<String> problem = FileBeginning.of(bytes).problem();
        return problem.isPresent() ? ofFile("invalid_file_format", problem.get()) : new Reading(bytes).verdict();
    }

    private static Verdict ofFile(String code, String message) {
        return new Verdict.Refused(List.of(BatchError.ofFile(code, message)));
    }

    /** About what a line's pictures take in the output, where they are to be there themselves. */
    private static double inlineBytes(GenerationRequest request) {
        if (request.responseFormat() != ResponseFormat.B64_JSON) {
            return 0;
        }
        double bytesPerPixel = request.format() == OutputFormat.PNG ? PNG_BYTES_PER_PIXEL : JPEG_BYTES_PER_PIXEL;
        // In base 64 three bytes become four letters.
        return request.count() * request.size().pixels() * bytesPerPixel * 4 / 3;
    }

    private static String tooLarge(double inlineBytes) {
        return String.format(
                Locale.ROOT,
                "the pictures themselves would come to about %,.0f GB, and an output has at most %,.0f GB of them: ask for"
                        + " addresses by leaving response_format out, or split the file",
                Math.ceil(inlineBytes / GB),
                MAX_INLINE_BYTES / GB);
    }

    /** One way through a file. */
    private final class Reading {
        private final LineReader reader;
        private final Set<String> customIds = new HashSet<>();
        private final List<BatchError> errors = new ArrayList<>();
        private final List<LineResult> refused = new ArrayList<>();
        private final List<Plan.Page> pages = new ArrayList<>();
        private final BitSet done = new BitSet();
        private final Set<String> models = new HashSet<>();
        private double inlineBytes;
        private int errorCount;
        private int lines;
        private int total;

        Reading(InputStream bytes) {
            this.reader = new LineReader(bytes);
        }

        Verdict verdict() throws IOException {
            for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines++;
                take(line.get());
                if (total > MAX_LINES || lines - total > MAX_BLANK_LINES) {
                    return ofFile("too_many_tasks", TOO_MANY);
                }
            }
            if (total == 0 && errorCount == 0) {
                return ofFile("empty_file", "the file holds no requests: each line is one");
            }
            if (errorCount > errors.size()) {
                errors.add(BatchError.ofFile(
                        "too_many_errors", "and " + (errorCount - errors.size()) + " more lines are wrong"));
            }
            if (inlineBytes > MAX_INLINE_BYTES) {
                errors.add(BatchError.ofFile("output_too_large", tooLarge(inlineBytes)));
            }
            return errors.isEmpty()
                    ? new Verdict.Passed(new Plan(pages, reader.offset()), lines, total, model(), done, refused)
                    : new Verdict.Refused(errors);
        }

        private Optional<String> model() {
            return models.size() == 1 ? models.stream().findFirst() : Optional.empty();
        }

        private void take(LineReader.Line line) {
            Plan.Page last = pages.isEmpty() ? null : pages.get(pages.size() - 1);
            if (last == null
                    || line.number() - last.line() >= PAGE_LINES
                    || line.offset() - last.offset() >= PAGE_BYTES) {
                pages.add(new Plan.Page(line.number(), line.offset()));
            }
            InputLine read = InputLines.read(line);
            if (read instanceof InputLine.Blank) {
                done.set(line.number());
                return;
            }
            total++;
            if (read instanceof InputLine.Malformed malformed) {
                wrong(malformed.error());
            } else {
                take(line.number(), (InputLine.Request) read);
            }
        }

        private void take(int line, InputLine.Request request) {
            if (!customIds.add(request.customId())) {
                String message = "the custom_id was used before: each line needs one of its own";
                wrong(BatchError.ofLine(line, "duplicate_custom_id", message, "custom_id"));
                return;
            }
            LineJudge.Verdict verdict = judge.judge(request);
            if (verdict instanceof LineJudge.Verdict.Refused no) {
                refused.add(new LineResult.Refused(line, request.customId(), no.status(), no.error()));
                done.set(line);
            } else {
                GenerationRequest accepted = ((LineJudge.Verdict.Accepted) verdict).request();
                models.add(accepted.model().id());
                inlineBytes += inlineBytes(accepted);
            }
        }

        private void wrong(BatchError error) {
            errorCount++;
            if (errors.size() < SHOWN_ERRORS) {
                errors.add(error);
            }
        }
    }
}
