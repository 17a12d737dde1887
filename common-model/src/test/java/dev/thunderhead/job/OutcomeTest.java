package dev.thunderhead.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.wire.Json;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void everyKindReadsBackAsItWas() {
        for (Outcome outcome : new Outcome[] {
            Samples.picture(),
            new Outcome.Failed(FailureCode.SPOILED_PICTURE, "not a number", Samples.NOON),
            new Outcome.Cancelled("called off", Samples.NOON)
        }) {
            assertThat(Json.read(Json.bytes(outcome), Outcome.class)).isEqualTo(outcome);
        }
    }

    @Test
    void messagesFitAHeader() {
        Outcome.Failed failed =
                new Outcome.Failed(FailureCode.RENDER_FAILED, " a  b\r\nx-evil: 1 ☃ " + "y".repeat(900), Samples.NOON);
        assertThat(failed.message()).startsWith("a b x-evil: 1 yyy").hasSize(300);
        assertThat(Json.text(failed)).isPrintable().hasSizeLessThan(2_000);
    }

    @Test
    void aPictureOfManyStepsFitsAnObjectsMetadata() {
        Outcome.Picture some = Samples.picture();
        StageTimings slow = new StageTimings(
                1234567.125, 12345.125, java.util.Collections.nCopies(100, 1234567.125), 1234567.125, 1234567.125);
        Outcome.Picture picture = new Outcome.Picture(
                some.format(),
                some.bytes(),
                some.sha256(),
                some.seed(),
                100,
                some.size(),
                some.model(),
                some.build(),
                some.batch(),
                slow,
                some.finishedAt());
        assertThat(Json.text(picture)).hasSizeLessThan(2_000);
    }
}
