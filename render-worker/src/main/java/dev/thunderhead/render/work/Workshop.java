package dev.thunderhead.render.work;

import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.Outcomes;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims, renderer and recorder of one device, put together; see the package's description. */
public final class Workshop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    /**
     * Two on every lane: one whose batch is on the device or on its way to the store, one that is ready for the next. With
     * one, the device idles for about an eighth of the time when only that lane has work.
     */
    private static final List<Lane> CLAIMS =
            Stream.of(Lane.values()).flatMap(lane -> Stream.of(lane, lane)).toList();

    private static final int REMEMBERED_CANCELLATIONS = 100_000;
    private static final Duration CLERKS_FAREWELL = Duration.ofSeconds(2);
    private static final Duration WITHDRAWAL = Duration.ofSeconds(5);
    private static final Duration PAUSE_BEFORE_GIVING_BACK = Duration.ofSeconds(1);

    private final Supplies supplies;
    private final ThreadPoolExecutor clerks;
    private final Intake intake;
    private final StopCheck stops;
    private final Attempts attempts;
    private final Map<String, Claim> claims;
    private final Membership membership;
    private final ControlTail control;
    private final List<Thread> claimThreads = new ArrayList<>();
    private final List<Thread> otherThreads = new ArrayList<>();
    private final Renderer renderer;
    private final ProgressReporter progress;
    private final AtomicBoolean cancellationsKnown = new AtomicBoolean();

    /**
     * What a workshop needs. All of it is closed by whoever made it, after the workshop.
     *
     * @param workerId names this worker in the group, in logs and dead letters; differs from every other worker's
     * @param consumers makes the consumer of a claim, given its client id
     * @param producer for what must not be lost
     * @param progress for what may be; another producer, whose backlog delays nothing
     * @param studio paints on the workshop's one render thread
     * @param readiness is told which parts are ready, and which have died
     */
    public record Supplies(
            String workerId,
            WorkSettings settings,
            KafkaConnection kafka,
            Function<String, ? extends ShareConsumer<String, byte[]>> consumers,
            Producer<String, byte[]> producer,
            Producer<String, byte[]> progress,
            ObjectStore store,
            Studio studio,
            WorkMetrics metrics,
            Readiness readiness,
            Clock clock) {}

    private Workshop(Supplies supplies) {
        this.supplies = supplies;
        WorkSettings settings = supplies.settings();
        WorkMetrics metrics = supplies.metrics();
        Studio studio = supplies.studio();
        Clock clock = supplies.clock();
        Cancellations cancellations = new Cancellations(REMEMBERED_CANCELLATIONS);
        Outcomes outcomes = new Outcomes(supplies.store());
        clerks = clerks(CLAIMS.size() * settings.batchSize());
        stops = new StopCheck(cancellations, clock);
        attempts = new Attempts(supplies.store());
        intake = new Intake(settings.batchSize(), settings.batchWait(), studio.costs(), System::nanoTime);
        TaskIo io = new TaskIo(clerks, attempts, PAUSE_BEFORE_GIVING_BACK, metrics);
        Announcer announcer = new Announcer(supplies.producer(), supplies.workerId());
        Recorder recorder = new Recorder(outcomes, attempts, announcer, studio.files(), io, clock, metrics);
        Reception reception = new Reception(
                studio.models().stream().collect(Collectors.toMap(ModelDescriptor::id, Function.identity())),
                stops,
                intake,
                recorder,
                outcomes,
                attempts,
                new Retry(clock),
                io,
                metrics);
        progress = new ProgressReporter(supplies.progress(), studio, clock, metrics);
        renderer = new Renderer(
                studio,
                intake,
                stops,
                reception,
                recorder,
                progress,
                clock,
                System::nanoTime,
                metrics,
                this::deviceIsBroken);
        claims = claims(supplies, reception, this::delay);
        membership = new Membership(
                supplies.kafka(), claims.keySet(), () -> supplies.readiness().ready("claims"));
        control = new ControlTail(
                supplies.kafka(), supplies.workerId() + "-control", cancellations, clock, this::knowCancellations);
    }

    private void knowCancellations() {
        cancellationsKnown.set(true);
        supplies.readiness().ready("control");
    }

    /** How long a task that is claimed now would wait. One that was called off before must be known as such by then. */
    private Duration delay(Lane lane) {
        return cancellationsKnown.get() ? intake.delay(lane) : ChronoUnit.FOREVER.getDuration();
    }

    private static Map<String, Claim> claims(Supplies supplies, Reception reception, Function<Lane, Duration> delay) {
        Map<String, Claim> claims = new LinkedHashMap<>();
        for (Lane lane : CLAIMS) {
            String clientId = supplies.workerId() + "-claim-" + claims.size();
            claims.put(
                    clientId,
                    new Claim(
                            lane,
                            () -> supplies.consumers().apply(clientId),
                            reception,
                            () -> delay.apply(lane),
                            supplies.settings(),
                            supplies.metrics()));
        }
        return claims;
    }

    /**
     * Threads for everything that waits for the store and for Kafka, as many as there can be tasks. What comes when they
     * have gone home is dropped: the worker stops then, and its claims give back what has not ended.
     */
    private static ThreadPoolExecutor clerks(int size) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor clerks = new ThreadPoolExecutor(
                size,
                size,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> new Thread(work, "clerk-" + number.incrementAndGet()),
                new ThreadPoolExecutor.DiscardPolicy());
        clerks.allowCoreThreadTimeOut(true);
        return clerks;
    }

    /** Starts to work; readiness tells when all parts do. */
    public static Workshop open(Supplies supplies) {
        Workshop workshop = new Workshop(supplies);
        supplies.readiness().waitFor("claims", "joining the share group");
        supplies.readiness().waitFor("control", "reading earlier cancellations");
        workshop.start();
        return workshop;
    }

    private void start() {
        otherThreads.add(thread("control", control));
        otherThreads.add(thread("renderer", renderer));
        otherThreads.add(thread("progress", progress));
        claims.forEach((clientId, claim) -> claimThreads.add(thread(clientId, claim)));
        otherThreads.add(thread("membership", membership));
        otherThreads.forEach(Thread::start);
        claimThreads.forEach(Thread::start);
    }

    /** A part whose thread dies does not come back, so the process has to. */
    private Thread thread(String name, Runnable part) {
        Thread thread = new Thread(part, name);
        thread.setUncaughtExceptionHandler((dead, problem) -> {
            LOG.error("event=thread_died thread={}", name, problem);
            supplies.readiness().dead(name, "its thread has died: " + problem);
        });
        return thread;
    }

    /** The queue is not to be emptied into failures: others get it, and a new process may find the device well. */
    private void deviceIsBroken(String why) {
        claims.values().forEach(Claim::stop);
        supplies.readiness().dead("renderer", why);
    }

    /**
     * Stops claiming, renders on for the grace period, and gives the rest back. Returns when nothing is held and nothing
     * renders any more.
     */
    @Override
    public void close() {
        claims.values().forEach(Claim::stop);
        membership.stop();
        boolean ended = await(claimThreads, supplies.settings().grace());
        stops.workerStops();
        intake.close();
        if (!ended) {
            giveBackRest();
        }
        clerks.shutdown();
        control.stop();
        progress.stop();
        await(otherThreads, Duration.ofDays(1));
    }

    /** The order matters: an own marker that still stood at redelivery would look like a failed attempt. */
    private void giveBackRest() {
        clerks.shutdownNow();
        try {
            if (!clerks.awaitTermination(CLERKS_FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=clerks_late left={}", clerks.getActiveCount());
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        attempts.withdrawAll(WITHDRAWAL);
        claims.values().forEach(Claim::giveBackRest);
        await(claimThreads, supplies.settings().lock());
    }

    private static boolean await(List<Thread> threads, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                thread.join(Math.max(1, left));
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
