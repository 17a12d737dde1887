package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A campaign against everything that {@code up} starts. */
@Timeout(600)
class CampaignIT {
    private static final String JAR = "deploy/standalone/target/standalone.jar";

    @TempDir
    private Path folder;

    @Test
    void aTableBecomesPicturesAndWhatFailedIsListed() throws Exception {
        Path table = Files.writeString(folder.resolve("prompts.csv"), """
                color,product,n,seed,name,size
                red,"mug, large",2,7,Spring mug,
                blue,bottle,,8,,
                green,plate,,9,Odd plate,7x7
                """);
        try (JavaProcess up = JavaProcess.start(
                JAR, Map.of(), "up", "--data", folder.resolve("data").toString(), "--port", "0")) {
            Matcher ready = Pattern.compile("READY url=(.+) key=(.+)").matcher(up.awaitLine("READY "));
            assertThat(ready.matches()).isTrue();
            String[] words = {
                "batch",
                table.toString(),
                "--template",
                "a {{color}} {{product}} on a white background",
                "--out",
                out().toString(),
                "--server",
                ready.group(1)
            };
            try (JavaProcess campaign = JavaProcess.start(JAR, Map.of("THUNDERHEAD_API_KEY", ready.group(2)), words)) {
                assertThat(campaign.awaitExit()).as(campaign.errors()).isEqualTo(1);
                assertThat(campaign.errors()).contains("Odd plate").contains("size");
            }
            assertThat(up.terminate()).isZero();
        }
        assertThat(pictures()).hasSize(3);
        for (Path picture : pictures()) {
            Picture.assertShowsSomething(Files.readAllBytes(picture), 256, 256);
        }
        assertThat(Files.readString(out().resolve("manifest.csv")))
                .contains("a red mug, large on a white background")
                .contains("http://");
        assertThat(out().resolve("index.html")).content().contains("Spring mug");
    }

    private Path out() {
        return folder.resolve("out");
    }

    private List<Path> pictures() throws IOException {
        try (Stream<Path> files = Files.list(out().resolve("pictures"))) {
            return files.filter(file -> file.toString().endsWith(".png")).toList();
        }
    }
}
