package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor.LatentRgb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One batch while it is painted. Its whole state is the latents of the pictures that are still in it, so others may be
 * painted between two of its steps.
 */
final class Painting {
    private final PromptEncoder prompts;
    private final Denoiser denoiser;
    private final PictureDecoder decoder;
    private final Optional<LatentRgb> colours;
    private final List<PaintRequest> batch;
    private final ImageSize size;
    private final Painted[] ended;
    private final List<Duration> steps = new ArrayList<>();
    private List<Canvas> canvases = List.of();

    /** A picture that is still in the batch. */
    private static final class Canvas {
        private final int picture;
        private final PromptEmbedding prompt;
        private final float[] latents;

        private Canvas(int picture, PromptEmbedding prompt, float[] latents) {
            this.picture = picture;
            this.prompt = prompt;
            this.latents = latents;
        }
    }

    /**
     * @param colours how latents are shown in previews, if the model gives any
     * @param batch at least one, all of one size and of the denoiser's step count
     */
    Painting(
            PromptEncoder prompts,
            Denoiser denoiser,
            PictureDecoder decoder,
            Optional<LatentRgb> colours,
            List<PaintRequest> batch) {
        this.prompts = prompts;
        this.denoiser = denoiser;
        this.decoder = decoder;
        this.colours = colours;
        this.batch = batch;
        size = batch.get(0).size();
        ended = new Painted[batch.size()];
    }

    PaintedBatch paint(StepListener listener) {
        Stopwatch stopwatch = new Stopwatch();
        begin();
        Duration text = stopwatch.lap();
        for (int step = 0; step < denoiser.steps(); step++) {
            beforeStep(listener, step);
            if (canvases.isEmpty()) {
                break;
            }
            Map<Canvas, float[]> latents = latentsForPreviews(listener, step);
            stopwatch.lap();
            takeStep(step);
            steps.add(stopwatch.lap());
            report(listener, step, latents);
        }
        beforeStep(listener, denoiser.steps());
        stopwatch.lap();
        for (Canvas canvas : canvases) {
            Raster raster = decoder.decode(size, canvas.latents);
            ended[canvas.picture] = raster.isFinite()
                    ? new Painted.Picture(raster)
                    : new Painted.Spoiled("the decoded picture holds infinite or undefined values");
        }
        return new PaintedBatch(Arrays.asList(ended), new Timings(text, steps, stopwatch.lap()));
    }

    private void begin() {
        List<PromptEmbedding> embeddings =
                prompts.encode(batch.stream().map(PaintRequest::prompt).toList());
        List<Canvas> all = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            float[] latents = denoiser.start(batch.get(i).seed(), size);
            all.add(new Canvas(i, embeddings.get(i), latents));
        }
        canvases = all;
    }

    /** Pictures are asked about last, since others may have been painted meanwhile. */
    private void beforeStep(StepListener listener, int step) {
        if (!canvases.isEmpty()) {
            listener.beforeStep(step);
        }
        canvases = canvases.stream()
                .filter(canvas -> goesOnOrEnds(canvas, listener.goesOn(canvas.picture, step), new Painted.Stopped()))
                .toList();
    }

    private void takeStep(int step) {
        denoiser.take(
                step,
                size,
                canvases.stream().map(canvas -> canvas.latents).toList(),
                canvases.stream().map(canvas -> canvas.prompt).toList());
        Painted spoiled = new Painted.Spoiled("the latents hold infinite or undefined values after step " + step);
        canvases = canvases.stream()
                .filter(canvas -> goesOnOrEnds(canvas, Latents.areFinite(canvas.latents), spoiled))
                .toList();
    }

    /** The latents before a step of those pictures of which a preview is wanted after it. */
    private Map<Canvas, float[]> latentsForPreviews(StepListener listener, int step) {
        Map<Canvas, float[]> latents = new HashMap<>();
        if (colours.isPresent()) {
            canvases.stream()
                    .filter(canvas -> listener.wantsPreview(canvas.picture, step))
                    .forEach(canvas -> latents.put(canvas, canvas.latents.clone()));
        }
        return latents;
    }

    private void report(StepListener listener, int step, Map<Canvas, float[]> latentsBefore) {
        for (Canvas canvas : canvases) {
            Optional<Supplier<Raster>> preview = Optional.ofNullable(latentsBefore.get(canvas))
                    .flatMap(latents -> colours.map(line -> {
                        denoiser.estimate(step, latents, canvas.latents);
                        return new LatentPreview(size, latents, line);
                    }));
            listener.stepDone(canvas.picture, step, preview);
        }
    }

    private boolean goesOnOrEnds(Canvas canvas, boolean goesOn, Painted otherwise) {
        if (!goesOn) {
            ended[canvas.picture] = otherwise;
        }
        return goesOn;
    }

    /** Measures one stretch after another. */
    private static final class Stopwatch {
        private long since = System.nanoTime();

        /** The time since the last lap. */
        Duration lap() {
            long now = System.nanoTime();
            Duration lap = Duration.ofNanos(now - since);
            since = now;
            return lap;
        }
    }
}
