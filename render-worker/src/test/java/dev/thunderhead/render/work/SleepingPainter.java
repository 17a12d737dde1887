package dev.thunderhead.render.work;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.PaintException;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.Painted;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.render.pipeline.StepListener;
import dev.thunderhead.render.pipeline.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Takes its time as a device would, and paints a plain picture that depends on the seed alone. A step of a batch of 64x64
 * pictures takes the given time, and one of larger pictures in proportion. Prompts ask for trouble: {@code spoil},
 * {@code fail} (always) and {@code fail in company}.
 */
final class SleepingPainter implements Painter {
    static final ModelDescriptor MODEL = new ModelDescriptor(
            "sleepy",
            "1",
            "Apache-2.0",
            0,
            "tests",
            new ImageSize(64, 64),
            new ModelDescriptor.Sizes(64, 1024, 64),
            List.of(new ModelDescriptor.Unet(
                    "unet", List.of(1, 2, 4, 8, 16, 32), ModelDescriptor.PredictionType.EPSILON)),
            1,
            Optional.empty());

    private final Duration step;
    private final Consumer<Duration> sleep;
    private final List<List<String>> batches = new CopyOnWriteArrayList<>();
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private volatile boolean broken;
    private volatile boolean closed;

    SleepingPainter(Duration step) {
        this(step, SleepingPainter::sleep);
    }

    /** @param sleep lets the time of a step pass */
    SleepingPainter(Duration step, Consumer<Duration> sleep) {
        this.step = step;
        this.sleep = sleep;
    }

    @Override
    public ModelDescriptor model() {
        return MODEL;
    }

    @Override
    public synchronized PaintedBatch paint(List<PaintRequest> batch, StepListener listener) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (broken) {
            throw new PaintException("the device is broken", new IllegalStateException());
        }
        batches.add(batch.stream().map(PaintRequest::prompt).toList());
        PaintRequest kind = batch.get(0);
        Duration each = step.multipliedBy(kind.size().pixels()).dividedBy(64 * 64);
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            left.add(i);
        }
        List<Duration> steps = new ArrayList<>();
        for (int next = 0; next <= kind.steps(); next++) {
            int now = next;
            listener.beforeStep(now);
            for (int picture : List.copyOf(left)) {
                if (!listener.goesOn(picture, now)) {
                    left.remove((Integer) picture);
                    stopped.add(batch.get(picture).prompt());
                }
            }
            if (left.isEmpty()) {
                break;
            }
            List<Integer> watched = left.stream()
                    .filter(picture -> now < kind.steps() && listener.wantsPreview(picture, now))
                    .toList();
            this.steps.add(kind.prompt() + " " + now);
            sleep.accept(each);
            if (next < kind.steps()) {
                steps.add(each);
                left.forEach(picture -> listener.stepDone(
                        picture,
                        now,
                        watched.contains(picture)
                                ? Optional.of(() -> plain(kind.size(), now / 100f))
                                : Optional.empty()));
            }
        }
        List<Painted> pictures = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            pictures.add(left.contains(i) ? picture(batch.get(i), batch.size()) : new Painted.Stopped());
        }
        return new PaintedBatch(pictures, new Timings(Duration.ZERO, steps, each));
    }

    private static Painted picture(PaintRequest request, int company) {
        if (request.prompt().equals("spoil")) {
            return new Painted.Spoiled("asked for");
        }
        boolean badCompany = request.prompt().equals("fail in company") && company > 1;
        if (badCompany || request.prompt().equals("fail")) {
            throw new PaintException("asked for", new IllegalStateException());
        }
        return new Painted.Picture(plain(request.size(), request.seed() % 100 / 100f));
    }

    private static Raster plain(ImageSize size, float shade) {
        float[] samples = new float[Math.toIntExact(3 * size.pixels())];
        Arrays.fill(samples, shade);
        return Raster.ofFloats(size, samples);
    }

    /** From now on nothing can be painted. */
    void breakDown() {
        broken = true;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    /** The prompts of every batch so far, in order, the smoke picture's first. */
    List<List<String>> batches() {
        return List.copyOf(batches);
    }

    /** Every step that was begun so far, in order: the first prompt of its batch, and its number from 0. Decoding is one. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    /** How often a picture of this prompt was begun. */
    long times(String prompt) {
        return batches.stream().flatMap(List::stream).filter(prompt::equals).count();
    }

    /** Whether the listener stopped a picture of this prompt. */
    boolean stopped(String prompt) {
        return stopped.contains(prompt);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
