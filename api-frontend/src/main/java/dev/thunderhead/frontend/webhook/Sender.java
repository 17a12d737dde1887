package dev.thunderhead.frontend.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/** Makes one call over HTTP. Thread-safe. */
@FunctionalInterface
public interface Sender {
    /**
     * A POST.
     *
     * @param address what to connect to; the name of the url is for the receiver and its certificate alone
     */
    record Request(WebhookUrl url, InetAddress address, Map<String, String> headers, String body) {}

    /**
     * What came back. Its body is read, up to 20,000 bytes, and dropped.
     *
     * @param retryAfter the header of that name
     */
    record Response(int status, Optional<String> retryAfter) {}

    /**
     * Posts, and waits for the answer within the time limit. Follows no redirects.
     *
     * @throws IOException when no answer comes; the message says why in a few words, without address or body
     */
    Response post(Request request) throws IOException, InterruptedException;
}
