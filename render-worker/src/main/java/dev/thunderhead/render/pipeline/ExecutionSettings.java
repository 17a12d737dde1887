package dev.thunderhead.render.pipeline;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

/**
 * How graphs are run.
 *
 * <p>The CUDA settings follow ONNX Runtime's documentation; they have not been run on a GPU yet. A GPU that cannot be
 * used is an error when the graph is loaded, since the provider is added by name. The option
 * {@code session.disable_cpu_ep_fallback} is left alone: ONNX Runtime always places the few operators that compute
 * shapes on the processor, and with that option it refuses every graph with a free batch, height or width.
 *
 * @param threads processor threads for each graph, at least 1
 */
record ExecutionSettings(Device device, int threads) {
    ExecutionSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread");
        }
    }

    /** The settings in ONNX Runtime's form; the caller closes them. */
    SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setDeterministicCompute(true);
            // A graph's threads would otherwise spin between operators, on cores that encoders, uploads and the queue
            // need: with more work than cores a step took three times as long.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // Takes every transposition before a matrix product for a real one, even one that changes nothing, as the
            // second text encoder has when torch.export wrote it.
            options.addConfigEntry("optimization.disable_specified_optimizers", "GemmTransposeFusion");
            if (device instanceof Device.Cuda cuda) {
                addCuda(options, cuda);
            }
            return options;
        } catch (OrtException | RuntimeException problem) {
            options.close();
            throw problem;
        }
    }

    private static void addCuda(SessionOptions options, Device.Cuda cuda) throws OrtException {
        try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(cuda.index())) {
            // Arenas that double would starve the other graphs of the same device.
            provider.add("arena_extend_strategy", "kSameAsRequested");
            // The default measures every shape anew and is many times slower with cuDNN 9.
            provider.add("cudnn_conv_algo_search", "HEURISTIC");
            if (cuda.memoryLimit().isPresent()) {
                provider.add("gpu_mem_limit", Long.toString(cuda.memoryLimit().getAsLong()));
            }
            options.addCUDA(provider);
        }
    }
}
