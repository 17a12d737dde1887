package dev.thunderhead.frontend.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileExpiryTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_790_000_000);
    private static final FileId FILE = FileId.create(TIME, new Random(1));

    @Test
    void itsKeySaysWhatItIsAbout() {
        FileExpiry note = new FileExpiry(TIME, new Account("acme"), FILE);
        assertThat(note.key()).isEqualTo("files/expiry/01790000000/acme/" + FILE);
        assertThat(FileExpiry.parse(note.key())).contains(note);
    }

    @Test
    void itsKeyIsTheSameWhateverDigitsAreCustomary() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            itsKeySaysWhatItIsAbout();
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void whatIsNoneOfOursIsNoNote() {
        assertThat(FileExpiry.parse("files/expiry/01790000000/ACME/" + FILE)).isEmpty();
        assertThat(FileExpiry.parse("files/expiry/01790000000/acme/x")).isEmpty();
        assertThat(FileExpiry.parse("files/expiry/1790000000/acme/" + FILE)).isEmpty();
    }

    @Test
    void aListingHasTheEarlierOnesFirst() {
        String key = new FileExpiry(TIME, new Account("acme"), FILE).key();
        assertThat(key)
                .isGreaterThan(FileExpiry.listedBefore(TIME))
                .isLessThan(FileExpiry.listedBefore(TIME.plusSeconds(1)));
    }
}
