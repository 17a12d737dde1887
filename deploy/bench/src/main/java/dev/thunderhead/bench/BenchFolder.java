package dev.thunderhead.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Where a bench keeps what it needs while it runs. */
final class BenchFolder {
    private BenchFolder() {}

    /**
     * A new folder, which goes away when the process ends, unless it is killed. What still writes there meanwhile may leave
     * something behind, which is told.
     */
    static Path create() throws IOException {
        Path folder = Files.createTempDirectory("bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete " + folder));
        return folder;
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path emptied, IOException problem) throws IOException {
                    Files.deleteIfExists(emptied);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException problem) {
            System.err.println("bench: " + folder + " is left behind: " + problem);
        }
    }
}
