package dev.thunderhead.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the all-in-one is to be started.
 *
 * @param data where its state lies
 * @param port where the API listens on the loopback interface, 0 for any free port
 * @param models model directories, separated by commas; the first is the default model
 * @param device what renders, for example {@code cuda:0}; empty for the worker's own default
 */
record Settings(DataFolder data, int port, String models, Optional<String> device) {

    /** Reads the options {@code --data}, {@code --models} and {@code --device}. */
    static Settings of(Arguments arguments, int port) {
        return new Settings(
                DataFolder.of(arguments),
                port,
                arguments.option("models").orElseGet(() -> builtInModel().toString()),
                arguments.option("device"));
    }

    /** The model in the repository, three folders above which this class's jar was built. */
    static Path builtInModel() {
        try {
            Path code = Path.of(Settings.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path model = code.resolve("../../../models/tiny-lightning").normalize();
            if (Files.isDirectory(model)) {
                return model;
            }
        } catch (java.net.URISyntaxException problem) {
            throw new IllegalStateException(problem);
        }
        throw new UsageException("the built-in model is not here: name a model directory with --models");
    }
}
