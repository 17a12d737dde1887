package dev.thunderhead.render.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The embeddings of the prompts that were used last, bounded by their size in bytes. Not thread-safe. */
final class EmbeddingCache {
    private final long capacity;
    private final Map<String, PromptEmbedding> embeddings = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param capacity bytes, without the prompts themselves */
    EmbeddingCache(long capacity) {
        this.capacity = capacity;
    }

    @Nullable PromptEmbedding get(String prompt) {
        return embeddings.get(prompt);
    }

    /** Remembers an embedding, and forgets those that were unused for longest until all fit. */
    void put(String prompt, PromptEmbedding embedding) {
        PromptEmbedding replaced = embeddings.put(prompt, embedding);
        bytes += embedding.bytes() - (replaced == null ? 0 : replaced.bytes());
        var eldest = embeddings.entrySet().iterator();
        while (bytes > capacity) {
            bytes -= eldest.next().getValue().bytes();
            eldest.remove();
        }
    }
}
