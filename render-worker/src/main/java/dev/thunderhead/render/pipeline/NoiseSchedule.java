package dev.thunderhead.render.pipeline;

import dev.thunderhead.render.pipeline.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How much noise the model was trained with at each timestep, read from {@code scheduler/scheduler_config.json}. Follows
 * diffusers' {@code EulerDiscreteScheduler} with trailing spacing: for the training timestep {@code t},
 * {@code sigma = sqrt((1 - a) / a)} with {@code a} the product of all {@code 1 - beta} up to {@code t}. Immutable.
 */
final class NoiseSchedule {
    static final String FILE = "scheduler/scheduler_config.json";

    private static final List<String> UNSUPPORTED = List.of(
            "rescale_betas_zero_snr",
            "use_karras_sigmas",
            "use_exponential_sigmas",
            "use_beta_sigmas",
            "trained_betas");

    private final float[] sigmas;

    private NoiseSchedule(float[] sigmas) {
        this.sigmas = sigmas;
    }

    /**
     * Reads the schedule of a model directory.
     *
     * @throws IOException when the file is missing, or asks for another schedule than SDXL-Lightning's
     */
    static NoiseSchedule read(Path modelDirectory) throws IOException {
        ConfigFile config = ConfigFile.read(modelDirectory.resolve(FILE));
        if (!config.text("timestep_spacing").equals("trailing")) {
            throw config.problem("timestep_spacing", "must be \"trailing\", as SDXL-Lightning was distilled for it");
        }
        for (String key : UNSUPPORTED) {
            if (config.isSet(key)) {
                throw config.problem(key, "is not supported");
            }
        }
        float[] betas = betas(config);
        float[] sigmas = new float[betas.length];
        double product = 1;
        for (int t = 0; t < sigmas.length; t++) {
            product *= 1 - betas[t];
            float kept = (float) product;
            sigmas[t] = (float) Math.sqrt((1 - kept) / kept);
        }
        return new NoiseSchedule(sigmas);
    }

    /** In single precision and from both ends, as torch's {@code linspace} counts. */
    private static float[] betas(ConfigFile config) throws IOException {
        String shape = config.text("beta_schedule");
        boolean scaled = shape.equals("scaled_linear");
        if (!scaled && !shape.equals("linear")) {
            throw config.problem("beta_schedule", "must be \"scaled_linear\" or \"linear\"");
        }
        int count = config.count("num_train_timesteps");
        double first = config.number("beta_start");
        double last = config.number("beta_end");
        float start = (float) (scaled ? Math.sqrt(first) : first);
        float end = (float) (scaled ? Math.sqrt(last) : last);
        float step = (end - start) / (count - 1);
        float[] betas = new float[count];
        for (int t = 0; t < count; t++) {
            float value = t < count / 2 ? start + step * t : end - step * (count - 1 - t);
            betas[t] = scaled ? value * value : value;
        }
        return betas;
    }

    /**
     * The steps of a picture: the timesteps lie evenly, counted from the last, and noise ends at zero.
     *
     * @param steps 1 to the number of training timesteps
     */
    EulerSteps steps(int steps) {
        float[] timesteps = new float[steps];
        float[] chosen = new float[steps + 1];
        double spacing = (double) sigmas.length / steps;
        for (int i = 0; i < steps; i++) {
            int timestep = (int) Math.rint(sigmas.length - i * spacing) - 1;
            timesteps[i] = timestep;
            chosen[i] = sigmas[timestep];
        }
        return new EulerSteps(timesteps, chosen);
    }
}
