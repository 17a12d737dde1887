package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thunderhead.model.ModelDescriptor.PredictionType;
import dev.thunderhead.render.TestModel;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EulerStepsTest {
    private static final float[] BEFORE = {14.5f, -3.25f, 0, 1.5f};
    private static final float[] OUTPUT = {0.9f, -0.3f, 0.1f, -1.1f};

    private final EulerSteps steps;

    EulerStepsTest() throws IOException {
        steps = NoiseSchedule.read(TestModel.directory()).steps(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theEstimateIsTheLatentsLessAllPredictedNoise(int step) {
        float[] estimate = estimate(step, PredictionType.EPSILON);
        for (int i = 0; i < BEFORE.length; i++) {
            assertThat(estimate[i]).isCloseTo(BEFORE[i] - steps.sigma(step) * OUTPUT[i], within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theEstimateIsThePredictedSample(int step) {
        float[] estimate = estimate(step, PredictionType.SAMPLE);
        for (int i = 0; i < BEFORE.length; i++) {
            assertThat(estimate[i]).isCloseTo(OUTPUT[i], within(1e-5f));
        }
    }

    private float[] estimate(int step, PredictionType prediction) {
        float[] after = BEFORE.clone();
        steps.take(step, after, OUTPUT, prediction);
        float[] estimate = BEFORE.clone();
        steps.estimate(step, estimate, after);
        return estimate;
    }
}
