package dev.thunderhead.frontend.batch;

/**
 * How many tasks may wait in the bulk lane: few, so that a batch that comes now is rendered soon and one that is called off
 * is over at once, and enough that no worker waits. As many as are being rendered, so that each worker finds its next ones;
 * half a second's worth, for workers that take no time; and always {@value #LEAST}, for a beginning.
 */
final class FeedWindow {
    static final int LEAST = 16;

    private static final double SECONDS = 0.5;

    private FeedWindow() {}

    /**
     * How many more tasks may be queued.
     *
     * @param open tasks that were queued and have not ended
     * @param running how many of them a worker has begun
     * @param perSecond how many end in a second
     */
    static int room(int open, int running, double perSecond) {
        int begun = Math.min(open, running);
        int target = Math.max(Math.max(LEAST, begun), (int) Math.ceil(perSecond * SECONDS));
        return target - (open - begun);
    }
}
