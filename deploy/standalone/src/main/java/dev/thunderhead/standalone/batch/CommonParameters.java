package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What holds for every line that does not say otherwise itself. Empty: the server's own choice.
 *
 * @param model a model's id
 * @param size {@code WIDTHxHEIGHT}, or {@code auto}
 * @param steps denoising steps
 * @param count pictures for each line
 */
public record CommonParameters(
        Optional<String> model, Optional<String> size, Optional<Long> steps, Optional<Long> count) {

    public CommonParameters {
        size.ifPresent(RowValues::checkSize);
    }

    void addTo(ObjectNode body) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        model.ifPresent(value -> body.putIfAbsent("model", json.textNode(value)));
        size.ifPresent(value -> body.putIfAbsent("size", json.textNode(value)));
        steps.ifPresent(value -> body.putIfAbsent("steps", json.numberNode(value)));
        count.ifPresent(value -> body.putIfAbsent("n", json.numberNode(value)));
    }
}
