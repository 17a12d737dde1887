package dev.thunderhead.frontend.catalog;

import dev.thunderhead.model.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of this deployment under every name they go by. Immutable. */
public final class ModelCatalog {
    private final ModelDescriptor first;
    private final Map<String, ModelDescriptor> byName;

    /**
     * @param models at least one; the first is for requests that name none
     * @param aliases further names, each for the id of a model
     * @throws IllegalArgumentException when a name is taken twice or an alias leads nowhere
     */
    public ModelCatalog(List<ModelDescriptor> models, Map<String, String> aliases) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("at least one model is needed");
        }
        this.first = models.get(0);
        Map<String, ModelDescriptor> names = new LinkedHashMap<>();
        models.forEach(model -> add(names, model.id(), model));
        aliases.forEach((alias, id) -> {
            ModelDescriptor model = names.get(id);
            if (model == null) {
                throw new IllegalArgumentException("the alias " + alias + " stands for " + id + ", which is no model");
            }
            add(names, alias, model);
        });
        this.byName = Collections.unmodifiableMap(names);
    }

    private static void add(Map<String, ModelDescriptor> names, String name, ModelDescriptor model) {
        if (names.put(name, model) != null) {
            throw new IllegalArgumentException("two models are named " + name);
        }
    }

    /**
     * Reads descriptors.
     *
     * @param files descriptor files, or the model directories that hold them
     * @throws IllegalArgumentException when one cannot be read; the message names the file
     */
    public static List<ModelDescriptor> read(List<String> files) {
        List<ModelDescriptor> models = new ArrayList<>();
        for (String file : files) {
            try {
                models.add(ModelDescriptor.read(Path.of(file)));
            } catch (IOException problem) {
                throw new IllegalArgumentException(problem.getMessage(), problem);
            }
        }
        return models;
    }

    /**
     * Reads aliases.
     *
     * @param text {@code alias=id}, several separated by commas
     * @throws IllegalArgumentException when it has another form
     */
    public static Map<String, String> aliases(String text) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            String[] parts = entry.strip().split("=", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new IllegalArgumentException("must be alias=id, several separated by commas");
            }
            aliases.put(parts[0].strip(), parts[1].strip());
        }
        return aliases;
    }

    /** The model for requests that name none. */
    public ModelDescriptor first() {
        return first;
    }

    /** The model of that id or alias. */
    public Optional<ModelDescriptor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Every name with its model, aliases last. */
    public Map<String, ModelDescriptor> byName() {
        return byName;
    }
}
