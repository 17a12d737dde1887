package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.job.JobListing;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/jobs?after=&limit=&status=}: the caller's own jobs, the newest first, in the form of OpenAI's lists.
 */
final class ListJobs implements Handler<RoutingContext> {
    private static final int MAX_LIMIT = 100;
    private static final int USUAL_LIMIT = 20;

    private final JobListing listing;
    private final JobLookup lookup;
    private final JobResources resources;
    private final BlockingWork blocking;

    private record Listing(
            String object,
            List<JobResources.Resource> data,
            @JsonProperty("first_id") @Nullable String firstId,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") boolean hasMore) {}

    ListJobs(JobListing listing, JobLookup lookup, JobResources resources, BlockingWork blocking) {
        this.listing = listing;
        this.lookup = lookup;
        this.resources = resources;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        Account account = Exchange.of(context).knownCaller().account();
        Optional<String> after = parameter(context.request(), "after");
        Optional<JobStatus> status = parameter(context.request(), "status").map(ListJobs::status);
        int limit = parameter(context.request(), "limit").map(ListJobs::limit).orElse(USUAL_LIMIT);
        blocking.call(context.vertx().getOrCreateContext(), () -> list(account, after, status, limit))
                .onSuccess(body -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(body))
                .onFailure(context::fail);
    }

    private static Optional<String> parameter(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getParam(name)).filter(text -> !text.isEmpty());
    }

    private static int limit(String text) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT) {
            throw invalid("limit", "limit must be 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(text);
    }

    private static JobStatus status(String text) {
        return Arrays.stream(JobStatus.values())
                .filter(status -> name(status).equals(text))
                .findFirst()
                .orElseThrow(() -> invalid(
                        "status",
                        "status must be one of "
                                + Arrays.stream(JobStatus.values())
                                        .map(ListJobs::name)
                                        .collect(Collectors.joining(", "))));
    }

    private static String name(JobStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private Buffer list(Account account, Optional<String> after, Optional<JobStatus> status, int limit)
            throws IOException {
        Optional<JobId> behind = after.isPresent() ? Optional.of(cursor(account, after.get())) : Optional.empty();
        JobListing.Page page = listing.list(account, behind, status, limit);
        List<JobResources.Resource> data =
                page.jobs().stream().map(resources::withAddresses).toList();
        String first = data.isEmpty() ? null : data.get(0).id();
        String last = page.next()
                .map(JobId::value)
                .orElse(data.isEmpty() ? null : data.get(data.size() - 1).id());
        return Buffer.buffer(
                Json.bytes(new Listing("list", data, first, last, page.next().isPresent())));
    }

    private JobId cursor(Account account, String text) throws IOException {
        Optional<JobId> id = JobId.parse(text);
        if (id.isPresent() && lookup.knows(account, id.get())) {
            return id.get();
        }
        throw invalid("after", "after must be the id of one of your jobs");
    }

    private static ApiException invalid(String parameter, String message) {
        return ApiError.invalid(parameter, message).asException();
    }
}
