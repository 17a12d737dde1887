package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.request.CallbackUrls;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint as its owner sees it: OpenAI's {@code webhook_endpoint}, and ours: {@code include}, {@code enabled},
 * {@code disabled_reason} and {@code failing_since}.
 *
 * @param signingSecret shown when it was just made, and never again
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record EndpointAnswer(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("updated_at") long updatedAt,
        String name,
        String url,
        @JsonProperty("event_types") Set<String> eventTypes,
        List<String> include,
        boolean enabled,
        @JsonProperty("disabled_reason") Optional<Endpoint.Disabled> disabledReason,
        @JsonProperty("failing_since") Optional<Long> failingSince,
        @JsonProperty("signing_secret_hint") String signingSecretHint,
        @JsonProperty("signing_secret") Optional<String> signingSecret) {
    static EndpointAnswer of(Endpoint endpoint) {
        return of(endpoint, Optional.empty());
    }

    static EndpointAnswer withSecret(Endpoint endpoint) {
        return of(endpoint, Optional.of(endpoint.secret().key()));
    }

    private static EndpointAnswer of(Endpoint endpoint, Optional<String> secret) {
        return new EndpointAnswer(
                endpoint.id(),
                "webhook_endpoint",
                endpoint.createdAt().getEpochSecond(),
                endpoint.updatedAt().getEpochSecond(),
                endpoint.name(),
                endpoint.url(),
                endpoint.types(),
                endpoint.includeData() ? List.of("data") : List.of(),
                endpoint.disabled().isEmpty(),
                endpoint.disabled(),
                endpoint.failingSince().map(Instant::getEpochSecond),
                endpoint.secret().hint(),
                secret);
    }

    /** The caller's endpoint that the path names. */
    static Endpoint find(Endpoints endpoints, Question question) throws IOException {
        return endpoints.find(question.account(), id(question)).orElseThrow(EndpointAnswer::unknown);
    }

    static String id(Question question) {
        return question.part(WebhookRoutes.ENDPOINT).orElseThrow();
    }

    // The same for a malformed id, an unknown one and another account's: it tells nothing about others.
    static ApiException unknown() {
        return ApiError.of(ErrorKind.NOT_FOUND, "webhook_endpoint_not_found", "there is no such webhook endpoint")
                .asException();
    }

    /** Refuses an address that leads to where callbacks must not go. */
    static void requireReachable(CallbackUrls urls, String url) {
        try {
            urls.checkHost(url);
        } catch (IllegalArgumentException problem) {
            throw ApiError.invalid("url", "url " + problem.getMessage()).asException();
        }
    }
}
