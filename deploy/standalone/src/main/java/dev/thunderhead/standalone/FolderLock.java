package dev.thunderhead.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A claim on a folder that ends with {@link #close} or with the process, however it ends. */
record FolderLock(FileChannel channel) implements AutoCloseable {
    /**
     * Claims a folder, or a part of it.
     *
     * @param option by which a user names another
     */
    static FolderLock take(Path folder, String part, String option) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(
                folder.resolve(part + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (!lock(channel)) {
            channel.close();
            throw new IOException(folder + " is in use by another process; name another folder with --" + option);
        }
        return new FolderLock(channel);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException held) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
