package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryWriterTest {
    private static final String HOSTILE = "</script><!--<script><img src=x onerror=alert(1)>\" ' & \u2028 {{x}}";

    @TempDir
    private Path folder;

    @Test
    void hostileTextsStayTexts() throws IOException {
        String page = page(HOSTILE);
        assertThat(page)
                .contains(
                        "<title>&lt;/script&gt;&lt;!--&lt;script&gt;&lt;img src=x onerror=alert(1)&gt;&quot; &#39; &amp;")
                .doesNotContain("<img")
                .doesNotContain("<!--<");
        // The end of the entries, then that of the page's own script.
        assertThat(page.split("</script>", -1)).hasSize(3);

        JsonNode entries = entries(page);
        assertThat(entries).hasSize(2);
        assertThat(entries.path(0).path("prompt").asText()).isEqualTo(HOSTILE);
        assertThat(entries.path(0).path("name").asText()).isEqualTo(HOSTILE);
        assertThat(entries.path(1).path("message").asText()).isEqualTo(HOSTILE);
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws IOException {
        assertThat(page("spring")).doesNotContain("http:", "https:", "src=", "@import", "url(", "innerHTML");
    }

    private String page(String text) throws IOException {
        Path file = folder.resolve("index.html");
        try (GalleryWriter gallery = new GalleryWriter(file, text)) {
            gallery.picture("pictures/00001-x.png", text, text, "7");
            gallery.failure(text, text, text);
        }
        return Files.readString(file);
    }

    private static JsonNode entries(String page) {
        String start = "id=\"entries\">";
        int from = page.indexOf(start) + start.length();
        return Json.read(page.substring(from, page.indexOf("</script>", from)).getBytes(UTF_8), JsonNode.class);
    }
}
