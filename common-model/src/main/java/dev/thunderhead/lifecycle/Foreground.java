package dev.thunderhead.lifecycle;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The life of a process from its start until Ctrl-C or SIGTERM, which end it in order. */
public final class Foreground {
    private static final int CLEAN = 0;
    private static final int FAILED = 1;

    private Foreground() {}

    /** Something that takes its time. Interrupted, it ends soon, and leaves nothing open. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Does something on this thread. When the process is asked to end meanwhile, the work is interrupted, and the process
     * lasts until it has ended; its status then tells of the signal.
     */
    public static <T> T run(Work<T> work) throws IOException, InterruptedException {
        Thread worker = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean ending = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(worker, ending, ended), "interrupt"));
        try {
            return work.run();
        } catch (LinkageError problem) {
            // Classes that add a shutdown hook when they are loaded, as Kafka's do, cannot be loaded any more.
            if (ending.get()) {
                throw new InterruptedException("stopped meanwhile");
            }
            throw problem;
        } finally {
            ended.countDown();
        }
    }

    private static void endEarly(Thread worker, AtomicBoolean ending, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        ending.set(true);
        worker.interrupt();
        try {
            ended.await();
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts a service, as {@link #run} does, and {@linkplain #closeAtExit closes it at exit}.
     *
     * @param program names the process in a message
     */
    public static <T extends AutoCloseable> T start(String program, Work<T> start)
            throws IOException, InterruptedException {
        return run(() -> {
            T service = start.run();
            try {
                closeAtExit(program, service);
            } catch (IllegalStateException alreadyEnding) {
                Closer closer = new Closer();
                closer.add(service);
                closer.close();
                throw new InterruptedException("stopped while starting");
            }
            return service;
        });
    }

    /**
     * Closes {@code service} when the process is asked to end; it then exits with 0, or with 1 and one line when closing
     * failed. Call it when the service stands, and before announcing that.
     *
     * @param program names the process in the message
     * @throws IllegalStateException when the process is ending already
     */
    public static void closeAtExit(String program, AutoCloseable service) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int status = CLEAN;
                            try {
                                service.close();
                            } catch (Exception problem) {
                                System.err.println(program + ": did not stop cleanly: " + problem.getMessage());
                                status = FAILED;
                            }
                            System.out.flush();
                            // Without this the status would tell of the signal, as if we had not dealt with it.
                            Runtime.getRuntime().halt(status);
                        },
                        "stop"));
    }

    /** Waits for the end of the process. */
    public static void waitForExit() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(1, TimeUnit.DAYS)) {
            // Nobody counts it down; the shutdown hook ends the process.
        }
    }
}
