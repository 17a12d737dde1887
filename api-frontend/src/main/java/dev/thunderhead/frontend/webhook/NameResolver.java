package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.error.ApiException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks where a name leads. Thread-safe. */
@FunctionalInterface
public interface NameResolver {
    /**
     * All addresses of the host; never empty. Blocks for some seconds at most.
     *
     * @param host a name, or an address in its usual form, which is its own answer
     * @throws UnknownHostException when it has none, or nobody answers
     * @throws ApiException when too many are asked for here; that says nothing about the host
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
