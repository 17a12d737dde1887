package dev.thunderhead.frontend.metrics;

import dev.thunderhead.frontend.queue.Backlog;
import dev.thunderhead.frontend.queue.OpenTasks;
import dev.thunderhead.job.Lane;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What the frontend measures.
 *
 * <ul>
 *   <li>{@code thunderhead_http_requests_seconds{route,method,status}}: answered requests and how long they took
 *   <li>{@code thunderhead_http_in_flight}: requests that wait for their answer
 *   <li>{@code thunderhead_jobs_awaited}: jobs that somebody waits for here
 *   <li>{@code thunderhead_tasks_open{lane}}: queued and rendering tasks in the whole deployment
 *   <li>{@code thunderhead_tasks_oldest_seconds{lane}}: how long the oldest of them has been open
 *   <li>{@code thunderhead_tasks_drain_rate{lane}}: tasks that leave in a second while there are any; NaN when unknown
 *   <li>{@code thunderhead_admission_refused_total{reason}}: requests that were turned away
 *   <li>{@code thunderhead_tail_values_parsed}: the journal's records whose values were looked into since the start
 *   <li>{@code thunderhead_webhook_calls_total{result}}: calls of webhooks that succeeded or failed
 *   <li>{@code thunderhead_webhook_pending}: deliveries that this frontend looks after
 *   <li>{@code thunderhead_records_unreadable_total}, {@code thunderhead_keys_file_failures}: what could not be read
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class FrontendMetrics {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(120)
    };

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Looking one up in the registry costs more than all else that is done with it. */
    private final ConcurrentMap<Answer, Timer> timers = new ConcurrentHashMap<>();

    /** What answers are told apart by. */
    private record Answer(String route, String method, int status) {}

    public FrontendMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge("thunderhead.http.in.flight", inFlight::get);
    }

    /** Watches the open tasks. */
    public void watch(OpenTasks openTasks, Clock clock) {
        for (Lane lane : Lane.values()) {
            lane("thunderhead.tasks.open", lane, openTasks, Backlog::depth);
            lane("thunderhead.tasks.oldest.seconds", lane, openTasks, backlog -> age(backlog, clock.instant()));
            lane(
                    "thunderhead.tasks.drain.rate",
                    lane,
                    openTasks,
                    backlog -> backlog.drainPerSecond().orElse(Double.NaN));
        }
    }

    private void lane(String name, Lane lane, OpenTasks openTasks, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, () -> value.applyAsDouble(openTasks.backlog(lane)))
                .tag("lane", lane.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static double age(Backlog backlog, Instant now) {
        return backlog.oldest()
                .map(oldest -> Duration.between(oldest, now).toMillis() / 1000.0)
                .orElse(0.0);
    }

    /** Shows a number as it is whenever somebody looks. */
    public void gauge(String name, Supplier<Number> value) {
        Gauge.builder(name, value).register(registry);
    }

    public void requestBegun() {
        inFlight.incrementAndGet();
    }

    /** @param route the endpoint's path, without what varies in it */
    public void requestEnded(String route, String method, int status, long nanos) {
        inFlight.decrementAndGet();
        timers.computeIfAbsent(new Answer(route, method, status), this::timer).record(Duration.ofNanos(nanos));
    }

    private Timer timer(Answer answer) {
        return Timer.builder("thunderhead.http.requests")
                .tags("route", answer.route(), "method", answer.method(), "status", Integer.toString(answer.status()))
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    /** @param reason one of a few words */
    public void refused(String reason) {
        registry.counter("thunderhead.admission.refused", "reason", reason).increment();
    }

    /** @param result {@code succeeded} or {@code failed} */
    public void webhookCalled(String result) {
        registry.counter("thunderhead.webhook.calls", "result", result).increment();
    }

    public void unreadableRecord() {
        registry.counter("thunderhead.records.unreadable").increment();
    }
}
