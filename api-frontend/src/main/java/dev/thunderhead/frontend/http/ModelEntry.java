package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.model.ModelDescriptor;

/** A model as OpenAI's lists show it. */
record ModelEntry(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy) {
    /** @param name its id or an alias */
    static ModelEntry of(String name, ModelDescriptor model) {
        return new ModelEntry(name, "model", model.created(), model.ownedBy());
    }
}
