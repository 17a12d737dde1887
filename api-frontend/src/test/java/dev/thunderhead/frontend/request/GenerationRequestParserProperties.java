package dev.thunderhead.frontend.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.error.ApiException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes: a valid request or the parser's own error, and soon. */
class GenerationRequestParserProperties {
    private static final long PATIENCE_MILLIS = 500;
    /** Processor time, since other work may share the machine. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Property
    void anyBytes(@ForAll byte[] body) {
        parse(body);
    }

    @Property
    void anyText(@ForAll String body) {
        parse(body.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void anyValuesOfKnownNames(@ForAll("objects") String body) {
        parse(body.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void aValidRequestCutAnywhere(@ForAll("objects") String body, @ForAll int at) {
        parse(body.substring(0, Math.floorMod(at, body.length())).getBytes(StandardCharsets.UTF_8));
    }

    private static void parse(byte[] body) {
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            assertThat(GenerationRequestParserTest.PARSER.parse(body)).isNotNull();
        } catch (ApiException expected) {
            assertThat(expected.error().message()).isNotBlank();
        }
        assertThat((THREADS.getCurrentThreadCpuTime() - begun) / 1_000_000).isLessThan(PATIENCE_MILLIS);
    }

    @Provide
    Arbitrary<String> objects() {
        Arbitrary<String> names = Arbitraries.of(
                "prompt", "model", "n", "size", "quality", "seed", "steps", "stream", "output_format", "user", "other");
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.of(
                        "null",
                        "true",
                        "false",
                        "\"auto\"",
                        "\"png\"",
                        "\"a cat\"",
                        "\"\\ud800\"",
                        "\"\\u0000\"",
                        "\"256x256\"",
                        "1",
                        "4",
                        "1e400",
                        "-0",
                        "NaN",
                        "[]",
                        "{}",
                        "[[[[[[[[[[[[1]]]]]]]]]]]]"),
                Arbitraries.bigIntegers().map(Object::toString),
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.strings().alpha().ofMaxLength(9).map(text -> "\"" + text + "\""));
        Arbitrary<List<String>> fields = Combinators.combine(names, values)
                .as((name, value) -> "\"" + name + "\": " + value)
                .list()
                .ofMaxSize(6);
        return fields.map(all -> "{" + String.join(", ", all) + "}");
    }
}
