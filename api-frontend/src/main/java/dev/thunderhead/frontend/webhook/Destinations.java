package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.request.CallbackUrls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Keeps callbacks out of networks that are not public: without it a user could make the service call its own neighbours.
 * A name may lead elsewhere at every question, so the caller connects to the very address that was judged. Thread-safe.
 */
public final class Destinations implements CallbackUrls {
    private final Reach reach;
    private final NameResolver names;

    public Destinations(Reach reach, NameResolver names) {
        this.reach = reach;
        this.names = names;
    }

    /**
     * Reads an address that a user gave; asks nobody.
     *
     * @throws IllegalArgumentException when it cannot be called; the message tells the user why
     */
    public WebhookUrl parse(String text) {
        return WebhookUrl.parse(text, reach);
    }

    @Override
    public void check(String url) {
        parse(url);
    }

    @Override
    public void checkHost(String url) {
        try {
            locate(parse(url));
        } catch (RefusedDestinationException problem) {
            throw new IllegalArgumentException(problem.getMessage(), problem);
        } catch (UnknownHostException problem) {
            throw new IllegalArgumentException("names a host that was not found: " + problem.getMessage(), problem);
        }
    }

    /**
     * The address to connect to. One that must not be reached refuses the whole name. Blocks for some seconds at most.
     *
     * @throws RefusedDestinationException when the name leads to where callbacks must not go
     * @throws UnknownHostException when it leads nowhere
     * @throws ApiException when that cannot be asked now
     */
    public InetAddress locate(WebhookUrl url) throws RefusedDestinationException, UnknownHostException {
        List<InetAddress> addresses = names.resolve(url.host());
        if (reach == Reach.PUBLIC && !addresses.stream().allMatch(PublicAddresses::contain)) {
            throw new RefusedDestinationException("leads to an address that is not public");
        }
        return addresses.get(0);
    }
}
