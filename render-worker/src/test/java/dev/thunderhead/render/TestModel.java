package dev.thunderhead.render;

import java.nio.file.Path;

/** Where the tests find the built-in model. */
public final class TestModel {
    private TestModel() {}

    /** The model's directory: beside this module, or where the property {@code thunderhead.test.model} says. */
    public static Path directory() {
        return Path.of(System.getProperty("thunderhead.test.model", "../deploy/models/tiny-lightning"));
    }
}
