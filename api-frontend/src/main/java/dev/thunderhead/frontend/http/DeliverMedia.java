package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.media.MediaToken;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.S3ObjectStore;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code GET /media/<token>.<extension>}: sends whoever has the address to the picture, by a freshly presigned URL. HEAD
 * is answered here, with the picture's own length and type, since a presigned URL is good for one method only.
 */
final class DeliverMedia implements Handler<RoutingContext> {
    private final ObjectKeys keys;
    private final Outcomes outcomes;
    private final S3ObjectStore store;
    private final Duration validity;
    private final BlockingWork blocking;

    /** @param validity how long the address behind the redirect works */
    DeliverMedia(ObjectKeys keys, Outcomes outcomes, S3ObjectStore store, Duration validity, BlockingWork blocking) {
        this.keys = keys;
        this.outcomes = outcomes;
        this.store = store;
        this.validity = validity;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        String name = context.request().path().substring(ApiRoutes.MEDIA.length());
        int dot = name.lastIndexOf('.');
        MediaToken token =
                MediaToken.verify(name.substring(0, Math.max(dot, 0)), keys).orElseThrow(DeliverMedia::absent);
        String key = keys.outcome(token.account(), token.task());
        blocking.call(context.vertx().getOrCreateContext(), () -> picture(key, name.substring(dot + 1)))
                .onSuccess(picture -> answer(context, key, picture))
                .onFailure(context::fail);
    }

    private Outcome.Picture picture(String key, String extension) throws IOException {
        Optional<Outcome> outcome = outcomes.find(key);
        if (outcome.isPresent()
                && outcome.get() instanceof Outcome.Picture picture
                && picture.format().extension().equals(extension)) {
            return picture;
        }
        throw absent();
    }

    private void answer(RoutingContext context, String key, Outcome.Picture picture) {
        HttpServerResponse response = context.response();
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("content-type", picture.format().mediaType())
                    .putHeader("content-length", Long.toString(picture.bytes()))
                    .end();
            return;
        }
        // What it leads to changes with every answer, and works for a while only.
        response.setStatusCode(302)
                .putHeader("location", store.presignedUrl(key, validity))
                .putHeader("cache-control", "no-store")
                .end();
    }

    // The same for a forged address, an unknown one and one without a picture: it tells nothing about others' jobs.
    private static ApiException absent() {
        return ApiError.of(ErrorKind.NOT_FOUND, "media_not_found", "there is no picture at this address")
                .asException();
    }
}
