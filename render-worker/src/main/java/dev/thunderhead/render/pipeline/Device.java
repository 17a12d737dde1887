package dev.thunderhead.render.pipeline;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model runs. */
public sealed interface Device {
    /** The processor. */
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * An NVIDIA GPU. Needs the build with {@code -Pgpu}, CUDA 12 and cuDNN 9.
     *
     * @param index which GPU, from 0
     * @param memoryLimit bytes that each graph may take, positive; empty for all there is
     */
    record Cuda(int index, OptionalLong memoryLimit) implements Device {
        public Cuda {
            if (index < 0 || (memoryLimit.isPresent() && memoryLimit.getAsLong() <= 0)) {
                throw new IllegalArgumentException("a GPU's index is 0 or more, and its memory limit positive");
            }
        }

        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /**
     * Reads {@code cpu} or {@code cuda:N}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    static Device parse(String text) {
        if (text.equals("cpu")) {
            return new Cpu();
        }
        Matcher cuda = Pattern.compile("cuda:([0-9]{1,3})").matcher(text);
        if (!cuda.matches()) {
            throw new IllegalArgumentException("a device is written cpu or cuda:N, for example cuda:0");
        }
        return new Cuda(Integer.parseInt(cuda.group(1)), OptionalLong.empty());
    }
}
