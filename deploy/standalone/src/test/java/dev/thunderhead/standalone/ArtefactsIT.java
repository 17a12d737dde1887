package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What production runs holds no broker and no S3 server; those are for tests and for the all-in-one. */
class ArtefactsIT {
    private static final List<String> BACKING =
            List.of("backing", "kafka_2.13", "kafka-server", "scala-library", "s3proxy");

    @ParameterizedTest
    @ValueSource(strings = {"api-frontend", "render-worker"})
    void servicesContainNeitherBrokerNorStore(String service) throws IOException {
        Path target = JavaProcess.root().resolve(service).resolve("target");
        assertThat(target.resolve(service + ".jar")).isRegularFile();
        assertThat(libraries(target))
                .isNotEmpty()
                .noneMatch(library -> BACKING.stream().anyMatch(part -> library.startsWith(part + "-")));
    }

    @Test
    void allInOneContainsBoth() throws IOException {
        List<String> libraries = libraries(JavaProcess.root().resolve("deploy/standalone/target"));
        for (String part : BACKING) {
            assertThat(libraries).anyMatch(library -> library.startsWith(part + "-"));
        }
    }

    private static List<String> libraries(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
