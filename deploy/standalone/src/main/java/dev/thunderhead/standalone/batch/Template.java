package dev.thunderhead.standalone.batch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A prompt with places to fill in, such as <code>a {{color}} mug</code>. Spaces inside the braces mean nothing. Values are
 * put in as they are, whatever braces they hold. Immutable.
 */
final class Template {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Field(String name) implements Part {}
    }

    /**
     * Reads a template.
     *
     * @throws InputException when a <code>{{</code> is not closed, or names nothing, or a brace is all that there is
     */
    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
            int close = text.indexOf(CLOSE, open);
            if (close < 0) {
                throw new InputException("the template's " + OPEN + " at character " + (open + 1) + " is not closed");
            }
            String name = text.substring(open + OPEN.length(), close).strip();
            if (name.isEmpty()) {
                throw new InputException("the template's " + OPEN + " at character " + (open + 1) + " names no column");
            }
            parts.add(new Part.Text(text.substring(at, open)));
            parts.add(new Part.Field(name));
            at = close + CLOSE.length();
        }
        if (at == 0 && text.contains("{")) {
            throw new InputException(
                    "the template has a { but names no column: color, for example, is written {{color}}");
        }
        parts.add(new Part.Text(text.substring(at)));
        return new Template(parts);
    }

    /** The template of one field and nothing else. */
    static Template of(String field) {
        return new Template(List.of(new Part.Field(field)));
    }

    /** The names of the fields, each once, in order. */
    Set<String> fields() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Part.Field field) {
                names.add(field.name());
            }
        }
        return names;
    }

    /** Fills it in; {@code values} knows every field. */
    String expand(UnaryOperator<String> values) {
        StringBuilder prompt = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Field field) {
                prompt.append(values.apply(field.name()));
            } else if (part instanceof Part.Text text) {
                prompt.append(text.text());
            }
        }
        return prompt.toString();
    }
}
