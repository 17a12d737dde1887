package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LineSetProperties {
    @Property(tries = 300)
    void linesComeBack(@ForAll Set<@IntRange(min = 1, max = 400) Integer> lines) {
        BitSet bits = new BitSet();
        lines.forEach(bits::set);
        assertThat(LineSet.of(bits).toBits()).isEqualTo(bits);
    }

    @Example
    void aSetOfTheFirstLinesIsShort() {
        BitSet bits = new BitSet();
        bits.set(1, 50_001);
        assertThat(LineSet.of(bits)).isEqualTo(new LineSet(50_000, ""));
        assertThat(LineSet.NONE.toBits().isEmpty()).isTrue();
    }
}
