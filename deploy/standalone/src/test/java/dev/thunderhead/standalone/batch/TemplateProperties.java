package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TemplateProperties {
    @Property
    void textsAndValuesComeOutAsTheyWentIn(@ForAll("texts") List<String> texts, @ForAll("values") List<String> values) {
        StringBuilder template = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        Map<String, String> cells = new HashMap<>();
        for (int field = 0; field < Math.min(texts.size(), values.size()); field++) {
            template.append(texts.get(field)).append("{{ f").append(field).append("}}");
            expected.append(texts.get(field)).append(values.get(field));
            cells.put("f" + field, values.get(field));
        }
        Template parsed = Template.parse(template.toString());
        assertThat(parsed.fields()).containsExactlyInAnyOrderElementsOf(cells.keySet());
        assertThat(parsed.expand(cells::get)).isEqualTo(expected.toString());
    }

    @Property
    void anyTemplateIsReadOrRefused(@ForAll("value") String text) {
        try {
            Template template = Template.parse(text);
            assertThat(template.fields()).allMatch(name -> !name.isBlank());
            if (!text.contains("{{")) {
                assertThat(template.expand(name -> "")).isEqualTo(text);
            }
        } catch (InputException refusal) {
            assertThat(text).contains("{");
        }
    }

    @Provide
    Arbitrary<List<String>> texts() {
        // Single braces are text; one at the end would make three of the field's own.
        return Arbitraries.oneOf(
                        Arbitraries.strings().excludeChars('{'),
                        Arbitraries.strings().withChars("{} fx0$\\\n"))
                .map(text -> Beginning.of(text, 10))
                .map(text -> text.replaceAll("\\{\\{+", "{").replaceAll("\\{$", ""))
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> value() {
        return Arbitraries.strings().withChars("{} fx0$\\\n").ofMaxLength(12);
    }

    @Provide
    Arbitrary<List<String>> values() {
        return value().list().ofMaxSize(6);
    }
}
