package dev.thunderhead.render.pipeline;

import dev.thunderhead.render.pipeline.text.ClipTokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns prompts into what the UNet reads, with both tokenizers and text encoders. Not thread-safe. */
final class PromptEncoder {
    /** A hundred prompts of the full-sized model. */
    private static final long CACHE_BYTES = 64L << 20;

    private final List<ClipTokenizer> tokenizers;
    private final TextEncoder first;
    private final TextEncoder second;
    private final EmbeddingCache cache = new EmbeddingCache(CACHE_BYTES);

    /** @param tokenizers that of the first encoder, and that of the second */
    PromptEncoder(List<ClipTokenizer> tokenizers, TextEncoder first, TextEncoder second) {
        this.tokenizers = tokenizers;
        this.first = first;
        this.second = second;
    }

    /** The embeddings of the prompts, in their order. Those that are not cached run through the encoders together. */
    List<PromptEmbedding> encode(List<String> prompts) {
        Map<String, PromptEmbedding> known = new HashMap<>();
        Set<String> unknown = new LinkedHashSet<>();
        for (String prompt : prompts) {
            PromptEmbedding cached = cache.get(prompt);
            if (cached == null) {
                unknown.add(prompt);
            } else {
                known.put(prompt, cached);
            }
        }
        if (!unknown.isEmpty()) {
            List<String> missing = List.copyOf(unknown);
            List<PromptEmbedding> embeddings = run(missing);
            for (int i = 0; i < missing.size(); i++) {
                known.put(missing.get(i), embeddings.get(i));
                cache.put(missing.get(i), embeddings.get(i));
            }
        }
        return prompts.stream().map(known::get).toList();
    }

    private List<PromptEmbedding> run(List<String> prompts) {
        try (Graph.Outputs firstRun = first.run(ids(0, prompts));
                Graph.Outputs secondRun = second.run(ids(1, prompts))) {
            List<float[]> left = first.hidden(firstRun);
            List<float[]> right = second.hidden(secondRun);
            List<float[]> pooled = secondRun.rows(TextEncoder.POOLED);
            List<PromptEmbedding> embeddings = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                embeddings.add(new PromptEmbedding(sideBySide(left.get(i), right.get(i)), pooled.get(i)));
            }
            return embeddings;
        }
    }

    private List<int[]> ids(int tokenizer, List<String> prompts) {
        return prompts.stream().map(tokenizers.get(tokenizer)::encode).toList();
    }

    /** {@code [77, a]} and {@code [77, b]} become {@code [77, a + b]}. */
    private static float[] sideBySide(float[] left, float[] right) {
        int leftWidth = left.length / ClipTokenizer.LENGTH;
        int rightWidth = right.length / ClipTokenizer.LENGTH;
        float[] both = new float[left.length + right.length];
        for (int token = 0; token < ClipTokenizer.LENGTH; token++) {
            int to = token * (leftWidth + rightWidth);
            System.arraycopy(left, token * leftWidth, both, to, leftWidth);
            System.arraycopy(right, token * rightWidth, both, to + leftWidth, rightWidth);
        }
        return both;
    }
}
