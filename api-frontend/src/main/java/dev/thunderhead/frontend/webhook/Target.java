package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Who is called. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "target")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Target.Registered.class, name = "endpoint"),
    @JsonSubTypes.Type(value = Target.Requested.class, name = "url")
})
public sealed interface Target {
    /** The folder in which the deliveries of all requests' own callbacks are kept. */
    String REQUESTS = "requests";

    /** An endpoint of the account; address and secrets are what the endpoint has when it is called. */
    record Registered(String endpoint) implements Target {
        @Override
        public String folder() {
            return endpoint;
        }

        @Override
        public String name() {
            return endpoint;
        }

        @Override
        public String receiver() {
            return endpoint;
        }
    }

    /**
     * The address that came with a request for pictures.
     *
     * @param url one that was read as a {@link WebhookUrl} before
     */
    record Requested(String url) implements Target {
        public Requested {
            WebhookUrl unused = WebhookUrl.parse(url, Reach.ANYWHERE);
        }

        @Override
        public String folder() {
            return REQUESTS;
        }

        @Override
        public String name() {
            return url;
        }

        // Requests may name a new path each time, and still reach one server.
        @Override
        public String receiver() {
            return WebhookUrl.parse(url, Reach.ANYWHERE).origin();
        }

        /** Without path and query, which may hold a token. */
        @Override
        public String toString() {
            return REQUESTS;
        }
    }

    /** Where its deliveries are kept. */
    String folder();

    /** What tells it from the account's other targets. */
    String name();

    /** Who answers: targets with the same receiver share what it can take. */
    String receiver();
}
