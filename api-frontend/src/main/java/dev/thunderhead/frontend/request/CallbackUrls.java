package dev.thunderhead.frontend.request;

/** Judges where clients want to be called. Thread-safe. */
public interface CallbackUrls {
    /**
     * Judges an address by its form; asks nobody, and does not block.
     *
     * @throws IllegalArgumentException when it cannot be called; the message tells the client why
     */
    void check(String url);

    /**
     * Judges where its host leads; blocks. Each call later is judged again.
     *
     * @throws IllegalArgumentException when that is no place to call; the message tells the client why
     */
    void checkHost(String url);
}
