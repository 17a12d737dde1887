package dev.thunderhead.standalone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps the process running until somebody ends it with Ctrl-C or SIGTERM, and then ends it in order. */
final class Foreground {
    private static final int CLEAN = 0;
    private static final int FAILED = 1;

    private Foreground() {}

    /**
     * Closes {@code service} when the process is asked to end; it then exits with 0, or with 1 and one line when closing
     * failed. Call it when the service stands, and before announcing that.
     */
    static void closeAtExit(AutoCloseable service) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int status = CLEAN;
                            try {
                                service.close();
                            } catch (Exception problem) {
                                System.err.println("thunderhead: did not stop cleanly: " + problem.getMessage());
                                status = FAILED;
                            }
                            System.out.flush();
                            // Without this the status would tell of the signal, as if we had not dealt with it.
                            Runtime.getRuntime().halt(status);
                        },
                        "stop"));
    }

    /** Waits for the end of the process. */
    static void waitForExit() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(1, TimeUnit.DAYS)) {
            // Nobody counts it down; the shutdown hook ends the process.
        }
    }
}
