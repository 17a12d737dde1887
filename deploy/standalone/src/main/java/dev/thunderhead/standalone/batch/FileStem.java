package dev.thunderhead.standalone.batch;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;

/**
 * A readable file name without its extension: the row's number and a slug, {@code 00012-red-mug}. Lower-case ASCII letters,
 * digits and hyphens, up to {@value #LONGEST} characters. The number in front makes it unique and keeps it from being a
 * name that Windows reserves.
 */
final class FileStem {
    static final int LONGEST = 66;
    private static final int LONGEST_SLUG = LONGEST - "00012-".length();

    /** Letters that are none with an accent, and how they are written without them. */
    private static final Map<String, String> WITHOUT_ACCENT =
            Map.of("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i");

    private FileStem() {}

    /**
     * Names a row's files.
     *
     * @param label what they show
     */
    static String of(int row, String label) {
        String slug = slug(label);
        String number = String.format(Locale.ROOT, "%05d", row);
        return slug.isEmpty() ? number : number + "-" + slug;
    }

    private static String slug(String label) {
        // Letters lose their accents, é as well as ü, instead of becoming hyphens.
        String plain = Normalizer.normalize(Beginning.of(label, LONGEST_SLUG * 4), Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> letter : WITHOUT_ACCENT.entrySet()) {
            plain = plain.replace(letter.getKey(), letter.getValue());
        }
        String slug = plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+", "");
        return Beginning.of(slug, LONGEST_SLUG).replaceAll("-+$", "");
    }
}
