package dev.thunderhead.config;

import java.util.List;

/** Settings that are missing or wrong: all of them, a line each. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
