package dev.thunderhead.frontend.request;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.file.StoredFile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What comes with the file in the form of {@code POST /v1/files}: OpenAI's {@code purpose}, and {@code expires_after} as
 * its SDKs write it, {@code expires_after[anchor]} and {@code expires_after[seconds]}.
 *
 * @param kept how long, from now, if the client says so
 */
public record FileForm(String purpose, Optional<Duration> kept) {
    /** The name of the part that is the file. */
    public static final String FILE = "file";

    private static final String PURPOSE = "purpose";
    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";
    private static final Set<String> KNOWN = Set.of(PURPOSE, ANCHOR, SECONDS);

    /**
     * Reads the form's fields.
     *
     * @throws ApiException naming the field to blame
     */
    public static FileForm parse(Map<String, List<String>> fields) {
        fields.forEach(FileForm::check);
        Optional<String> purpose = field(fields, PURPOSE);
        if (purpose.isEmpty()) {
            throw Parameters.invalid(PURPOSE, "purpose is missing; it must be " + StoredFile.INPUT);
        }
        if (!purpose.get().equals(StoredFile.INPUT)) {
            throw Parameters.invalid(
                    PURPOSE, "purpose must be " + StoredFile.INPUT + ": nothing else is done with files");
        }
        return new FileForm(purpose.get(), kept(field(fields, ANCHOR), field(fields, SECONDS)));
    }

    private static void check(String name, List<String> values) {
        if (!KNOWN.contains(name)) {
            throw Parameters.invalid(name, "unknown field: " + name);
        }
        if (values.size() > 1) {
            throw Parameters.invalid(name, name + " is given twice");
        }
    }

    private static Optional<String> field(Map<String, List<String>> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(values -> values.get(0));
    }

    private static Optional<Duration> kept(Optional<String> anchor, Optional<String> seconds) {
        if (anchor.isEmpty() && seconds.isEmpty()) {
            return Optional.empty();
        }
        if (anchor.isEmpty() || !anchor.get().equals("created_at")) {
            throw Parameters.invalid(ANCHOR, ANCHOR + " must be created_at");
        }
        long shortest = FileSettings.SHORTEST.toSeconds();
        long longest = FileSettings.LONGEST.toSeconds();
        return Optional.of(seconds.filter(text -> text.matches("[0-9]{1,9}"))
                .map(Long::parseLong)
                .filter(given -> given >= shortest && given <= longest)
                .map(Duration::ofSeconds)
                .orElseThrow(() -> Parameters.invalid(
                        SECONDS, SECONDS + " must be a whole number from " + shortest + " to " + longest)));
    }
}
