package dev.thunderhead.standalone.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * How far a campaign is, apart from its results. It holds no key. Immutable.
 *
 * @param id makes the campaign's calls repeatable: part of their idempotency keys
 * @param server the API's address
 * @param input names the input in messages
 * @param requestsSha256 of the lines that make up the campaign
 * @param fileId the uploaded file; empty before the upload
 * @param batches the batch, and those of its failed lines, in order
 */
record CampaignState(
        String id, String server, String input, String requestsSha256, Optional<String> fileId, List<Batch> batches) {
    CampaignState {
        batches = List.copyOf(batches);
    }

    /**
     * A batch of the campaign.
     *
     * @param finished whether it has ended and all its results have been read
     */
    record Batch(String id, boolean finished) {}

    static CampaignState begun(String server, String input, String requestsSha256) {
        return new CampaignState(
                UUID.randomUUID().toString(), server, input, requestsSha256, Optional.empty(), List.of());
    }

    /** Whether it has the same lines painted by the same server. */
    boolean hasSameWork(CampaignState other) {
        return server.equals(other.server) && requestsSha256.equals(other.requestsSha256);
    }

    CampaignState movedTo(String other) {
        return new CampaignState(id, other, input, requestsSha256, fileId, batches);
    }

    CampaignState uploaded(String file) {
        return new CampaignState(id, server, input, requestsSha256, Optional.of(file), batches);
    }

    CampaignState with(String batch) {
        List<Batch> more = new ArrayList<>(batches);
        more.add(new Batch(batch, false));
        return new CampaignState(id, server, input, requestsSha256, fileId, more);
    }

    CampaignState finished() {
        List<Batch> same = new ArrayList<>(batches);
        same.add(new Batch(same.remove(same.size() - 1).id(), true));
        return new CampaignState(id, server, input, requestsSha256, fileId, same);
    }

    /** The latest batch of a kind; empty when there is none. */
    Optional<Batch> last(Predicate<Batch> kind) {
        return batches.stream().filter(kind).reduce((earlier, later) -> later);
    }

    /** The latest batch; empty before the first was made. */
    Optional<Batch> batch() {
        return batches.isEmpty() ? Optional.empty() : Optional.of(batches.get(batches.size() - 1));
    }
}
