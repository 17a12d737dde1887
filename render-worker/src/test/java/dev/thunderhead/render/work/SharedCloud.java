package dev.thunderhead.render.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all test classes the same {@link Cloud}, which starts with the first and stops after the last. */
final class SharedCloud implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cloud.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedCloud.class))
                .computeIfAbsent(Cloud.class, type -> start(), Cloud.class);
    }

    private static Cloud start() {
        try {
            return Cloud.start();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
