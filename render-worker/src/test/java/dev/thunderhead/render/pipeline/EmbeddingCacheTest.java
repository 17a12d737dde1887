package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {
    private static final int EACH = 400;

    @Test
    void forgetsWhatWasUnusedForLongest() {
        EmbeddingCache cache = new EmbeddingCache(2 * EACH);
        cache.put("a", embedding());
        cache.put("b", embedding());
        assertThat(cache.get("a")).isNotNull();
        cache.put("c", embedding());

        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        assertThat(cache.get("c")).isNotNull();
    }

    @Test
    void puttingAPromptAgainTakesNoMoreRoom() {
        EmbeddingCache cache = new EmbeddingCache(2 * EACH);
        cache.put("a", embedding());
        for (int i = 0; i < 10; i++) {
            cache.put("b", embedding());
        }
        assertThat(cache.get("a")).isNotNull();
    }

    @Test
    void anEmbeddingThatIsTooLargeIsNotKept() {
        EmbeddingCache cache = new EmbeddingCache(EACH - 1);
        cache.put("a", embedding());
        assertThat(cache.get("a")).isNull();
    }

    private static PromptEmbedding embedding() {
        return new PromptEmbedding(new float[60], new float[40]);
    }
}
