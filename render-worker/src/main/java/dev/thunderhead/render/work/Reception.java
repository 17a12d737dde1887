package dev.thunderhead.render.work;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what was claimed, and sends on to the intake what is to be rendered. A first delivery costs no request to the
 * store; a redelivered task is looked up there first, since it may have ended. Thread-safe.
 */
final class Reception implements Claim.Door {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Map<String, ModelDescriptor> models;
    private final StopCheck stops;
    private final Intake intake;
    private final Recorder recorder;
    private final Outcomes outcomes;
    private final Attempts attempts;
    private final Retry retry;
    private final TaskIo io;
    private final WorkMetrics metrics;

    /** @param models what this worker can paint, by id */
    Reception(
            Map<String, ModelDescriptor> models,
            StopCheck stops,
            Intake intake,
            Recorder recorder,
            Outcomes outcomes,
            Attempts attempts,
            Retry retry,
            TaskIo io,
            WorkMetrics metrics) {
        this.models = Map.copyOf(models);
        this.stops = stops;
        this.intake = intake;
        this.recorder = recorder;
        this.outcomes = outcomes;
        this.attempts = attempts;
        this.retry = retry;
        this.io = io;
        this.metrics = metrics;
    }

    /**
     * Takes what a claim got at once, and keeps it together for the renderer, unless the device became busy in the moment
     * between asking and getting. Then it goes back, once: a task that was given back before stays. One claim at a time,
     * so that of two which get something in the same moment the second one sees what the first one has brought. Never
     * blocks.
     */
    @Override
    public synchronized void accept(List<Delivery> batch, BooleanSupplier busy) {
        if (busy.getAsBoolean() && batch.stream().noneMatch(Delivery::isRedelivered)) {
            batch.forEach(Delivery::giveBack);
        } else {
            letIn(batch);
        }
    }

    private void letIn(List<Delivery> batch) {
        List<Work> work = new ArrayList<>();
        for (Delivery delivery : batch) {
            if (delivery.isRedelivered()) {
                metrics.redelivered(delivery.lane());
            }
            TaskEnvelope.Content content = TaskRecords.open(delivery.record());
            if (content instanceof TaskEnvelope.Content.Task task) {
                work.add(new Work(task.task(), delivery, delivery.isRedelivered()));
            } else if (content instanceof TaskEnvelope.Content.Unreadable unreadable) {
                recorder.unreadable(delivery, unreadable);
            }
        }
        work.stream().filter(Work::alone).forEach(one -> recorder.execute(one, () -> lookUp(one)));
        intake.offer(
                work.stream().filter(one -> !one.alone() && isToBeRendered(one)).toList());
    }

    private boolean isToBeRendered(Work work) {
        Optional<StopCheck.Reason> reason = stops.whyNot(work);
        if (reason.isPresent()) {
            turnAway(work, reason.get());
            return false;
        }
        Optional<String> missing = missing(work.task());
        missing.ifPresent(message -> recorder.failed(work, FailureCode.MODEL_UNAVAILABLE, message));
        return missing.isEmpty();
    }

    /** Ends a task that is not rendered, or gives it back by leaving it to its claim. */
    void turnAway(Work work, StopCheck.Reason reason) {
        switch (reason) {
            case CANCELLED -> recorder.cancelled(work);
            case LATE ->
                recorder.failed(
                        work,
                        FailureCode.DEADLINE_EXCEEDED,
                        "the picture was not rendered before its deadline; send the request again");
            case WORKER_STOPS ->
                LOG.debug("event=left_to_claim task={}", work.task().id());
        }
    }

    private Optional<String> missing(RenderTask task) {
        ModelDescriptor model = models.get(task.model());
        if (model == null) {
            return Optional.of("no worker has the model " + task.model() + "; ask for one of " + models.keySet());
        }
        if (model.unetFor(task.steps()).isEmpty()) {
            return Optional.of(
                    model.id() + " cannot paint in " + task.steps() + " steps; ask for one of " + model.stepCounts());
        }
        if (!model.sizes().allow(task.size())) {
            return Optional.of(model.id() + " cannot paint " + task.size() + "; ask for " + model.sizes());
        }
        return Optional.empty();
    }

    private void lookUp(Work work) throws IOException, InterruptedException {
        Instant limit = work.delivery().isLast() ? Instant.MAX : work.task().deadline();
        TaskEnvelope task = work.envelope();
        Optional<Outcome> standing = retry.until(limit, "look_up", () -> outcomes.find(task.outcomeKey()));
        if (standing.isPresent()) {
            recorder.standing(work, standing.get());
        } else if (isToBeRendered(work)) {
            beginAttempt(work, limit);
        }
    }

    /** Only markers make a task a suspect: Kafka counts the deliveries that ended in a drain as well. */
    private void beginAttempt(Work work, Instant limit) throws IOException, InterruptedException {
        boolean begun = retry.until(limit, "begin_attempt", () -> attempts.begin(work.delivery(), work.envelope()));
        if (begun) {
            io.withdrawWhenLost(work.delivery());
            intake.offer(List.of(work));
        } else {
            recorder.poisonous(work, "rendering this picture failed too often and was given up; change the request");
        }
    }
}
