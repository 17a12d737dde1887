package dev.thunderhead.frontend.job;

import dev.thunderhead.storage.RecordStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;

/** What happens to the calls of a store: they may fail before anything is done, or after, or be what another one waits for. */
@FunctionalInterface
public interface Interference {
    /**
     * Makes a call, or does not.
     *
     * @param verb the method's name
     * @param key the object's, or the prefix of a listing
     * @param call the call as it would be without interference
     */
    Object make(String verb, String key, Callable<Object> call) throws Exception;

    /** The store, with that in between. */
    static RecordStore with(RecordStore store, Interference interference) {
        return (RecordStore) Proxy.newProxyInstance(
                Interference.class.getClassLoader(),
                new Class<?>[] {RecordStore.class},
                (proxy, method, arguments) -> interference.make(method.getName(), String.valueOf(arguments[0]), () -> {
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException problem) {
                        throw problem.getCause() instanceof Exception cause ? cause : problem;
                    }
                }));
    }
}
