package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobListing;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code GET /v1/jobs?after=&limit=&status=}: the caller's own jobs, the newest first, in the form of OpenAI's lists.
 */
final class ListJobs implements JsonAnswer.Action {
    private final JobListing listing;
    private final JobLookup lookup;
    private final JobResources resources;

    ListJobs(JobListing listing, JobLookup lookup, JobResources resources) {
        this.listing = listing;
        this.lookup = lookup;
        this.resources = resources;
    }

    @Override
    public Object answer(Question question) throws IOException {
        ListQuery query = ListQuery.of(question.query());
        query.requireNewestFirst();
        Optional<JobStatus> status =
                Optional.ofNullable(question.query().get("status")).map(ListJobs::status);
        Optional<JobId> after = query.after().isPresent()
                ? Optional.of(cursor(question.account(), query.after().get()))
                : Optional.empty();
        Page<JobId, FoundJob> page = listing.list(question.account(), after, status, query.limit());
        List<JobResources.Resource> jobs =
                page.entries().stream().map(resources::withAddresses).toList();
        return ListPage.of(jobs, JobResources.Resource::id, page.next().map(JobId::value));
    }

    private static JobStatus status(String text) {
        return Arrays.stream(JobStatus.values())
                .filter(status -> name(status).equals(text))
                .findFirst()
                .orElseThrow(() -> ApiError.invalid(
                                "status",
                                "status must be one of "
                                        + Arrays.stream(JobStatus.values())
                                                .map(ListJobs::name)
                                                .collect(Collectors.joining(", ")))
                        .asException());
    }

    private static String name(JobStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private JobId cursor(Account account, String text) throws IOException {
        Optional<JobId> id = JobId.parse(text);
        if (id.isPresent() && lookup.knows(account, id.get())) {
            return id.get();
        }
        throw Page.unknownCursor();
    }
}
