package dev.thunderhead.frontend.request;

import java.util.List;
import java.util.Optional;

/** Reads {@code include}: which parts a callback carries that it would not carry otherwise. */
final class IncludedParts {
    static final String NAME = "include";

    private static final String DATA = "data";

    private IncludedParts() {}

    /** Whether the pictures' addresses are asked for; empty when nothing is said. */
    static Optional<Boolean> data(Parameters parameters) {
        return parameters.texts(NAME).map(IncludedParts::holdData);
    }

    private static boolean holdData(List<String> parts) {
        if (parts.stream().anyMatch(part -> !part.equals(DATA))) {
            throw Parameters.invalid(NAME, NAME + " may hold " + DATA + ", and nothing else");
        }
        return !parts.isEmpty();
    }
}
