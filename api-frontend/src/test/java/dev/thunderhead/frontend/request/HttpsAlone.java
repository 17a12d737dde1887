package dev.thunderhead.frontend.request;

/** Judges addresses by their scheme. */
public final class HttpsAlone implements CallbackUrls {
    @Override
    public void check(String url) {
        if (!url.startsWith("https://")) {
            throw new IllegalArgumentException("only https will do");
        }
    }

    @Override
    public void checkHost(String url) {
        check(url);
    }
}
