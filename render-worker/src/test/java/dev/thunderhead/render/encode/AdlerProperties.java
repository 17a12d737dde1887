package dev.thunderhead.render.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class AdlerProperties {
    @Property(tries = 200)
    void theChecksumOfTwoPartsIsThatOfTheWhole(
            @ForAll @Size(max = 10_000) byte[] first, @ForAll @Size(max = 10_000) byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);

        assertThat(Adler.of(first, first.length).then(Adler.of(second, second.length)))
                .isEqualTo(Adler.of(whole, whole.length));
    }
}
