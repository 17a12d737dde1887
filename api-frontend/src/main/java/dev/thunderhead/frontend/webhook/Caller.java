package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.job.CallbackEvent;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Makes one signed call, in the form of Standard Webhooks. Blocks. Thread-safe. */
public final class Caller {
    private static final int GONE = 410;

    private final Destinations destinations;
    private final Sender sender;
    private final Clock clock;

    public Caller(Destinations destinations, Sender sender, Clock clock) {
        this.destinations = destinations;
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * What came of a call.
     *
     * @param gone whether the receiver wants no more calls
     * @param retryAfter for how long the receiver wants to be left alone
     */
    public record Result(Attempt attempt, boolean gone, Optional<Duration> retryAfter) {}

    /**
     * Calls.
     *
     * @param url as the user gave it; judged anew
     * @param secrets each makes a signature
     * @param id the message's, the same in every call
     * @throws ApiException when no call could be made for reasons of our own
     */
    public Result call(String url, List<SigningSecret> secrets, String id, String payload) throws InterruptedException {
        Instant begun = clock.instant();
        long start = System.nanoTime();
        try {
            WebhookUrl parsed = destinations.parse(url);
            Sender.Response response = sender.post(new Sender.Request(
                    parsed, destinations.locate(parsed), headers(secrets, id, begun, payload), payload));
            return answered(begun, start, response);
        } catch (UnknownHostException problem) {
            return failed(begun, start, "the host was not found: " + problem.getMessage());
        } catch (RefusedDestinationException problem) {
            return failed(begun, start, "the host " + problem.getMessage());
        } catch (IllegalArgumentException problem) {
            return failed(begun, start, "the address " + problem.getMessage());
        } catch (IOException problem) {
            return failed(begun, start, String.valueOf(problem.getMessage()));
        }
    }

    /** Calls an endpoint with an event that never happened. */
    public Result sample(Endpoint endpoint, CallbackEvent event, Instant now, RandomGenerator random)
            throws InterruptedException {
        String id = Delivery.sampleId(now, random);
        String payload = EventPayload.sample(event, id, now.getEpochSecond());
        return call(endpoint.url(), endpoint.activeSecrets(now), id, payload);
    }

    private static Map<String, String> headers(List<SigningSecret> secrets, String id, Instant at, String payload) {
        long timestamp = at.getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/json");
        headers.put("user-agent", "Thunderhead-Webhooks/1.0");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put(
                "webhook-signature",
                secrets.stream()
                        .map(secret -> secret.sign(id, timestamp, payload))
                        .collect(Collectors.joining(" ")));
        return headers;
    }

    private Result answered(Instant begun, long start, Sender.Response response) {
        int status = response.status();
        boolean success = status >= 200 && status < 300;
        Optional<String> error = success ? Optional.empty() : Optional.of(error(status));
        Attempt attempt = new Attempt(begun, Optional.of(status), millisSince(start), error);
        Optional<Duration> retryAfter = success
                ? Optional.empty()
                : response.retryAfter().flatMap(header -> RetryAfter.parse(header, clock.instant()));
        return new Result(attempt, status == GONE, retryAfter);
    }

    private static String error(int status) {
        return status >= 300 && status < 400
                ? "the answer was " + status + ", and redirects are not followed"
                : "the answer was " + status;
    }

    private static Result failed(Instant begun, long start, String error) {
        Attempt attempt = new Attempt(begun, Optional.empty(), millisSince(start), Optional.of(error));
        return new Result(attempt, false, Optional.empty());
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
