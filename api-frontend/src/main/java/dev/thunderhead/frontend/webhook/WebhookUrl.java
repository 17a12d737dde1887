package dev.thunderhead.frontend.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An address that may be called, as far as its text tells; where its name leads is another question.
 *
 * @param host a name, an IPv4 address of four decimal numbers, or an IPv6 address without brackets
 * @param port the one to connect to
 * @param target path and query as the request line has them
 */
public record WebhookUrl(String text, boolean tls, String host, int port, String target) {
    /** The longest address, in characters. */
    public static final int MAX_LENGTH = 2048;

    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    /** Resolvers take such a name for a number, and so for an address. */
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

    /**
     * Reads an address that a user gave.
     *
     * @throws IllegalArgumentException when it cannot be called; the message tells the user why
     */
    public static WebhookUrl parse(String text, Reach reach) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("must have at most " + MAX_LENGTH + " characters");
        }
        URI uri = uri(text);
        boolean tls = tls(uri, reach);
        if (uri.getRawUserInfo() != null
                || String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("must not hold credentials; callbacks are signed instead");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must not have a fragment (what follows #)");
        }
        int port = port(uri, tls, reach);
        return new WebhookUrl(text, tls, host(uri), port, target(uri));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException problem) {
            throw new IllegalArgumentException("must be an address such as https://example.com/hook", problem);
        }
    }

    private static boolean tls(URI uri, Reach reach) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (scheme.equals("https")) {
            return true;
        }
        if (scheme.equals("http") && reach == Reach.ANYWHERE) {
            return false;
        }
        throw new IllegalArgumentException(
                reach == Reach.ANYWHERE ? "must begin with https:// or http://" : "must begin with https://");
    }

    private static int port(URI uri, boolean tls, Reach reach) {
        int usual = tls ? HTTPS : HTTP;
        int port = uri.getPort() == -1 ? usual : uri.getPort();
        if (port < 1 || port > 65_535 || (reach == Reach.PUBLIC && port != usual)) {
            throw new IllegalArgumentException(
                    reach == Reach.PUBLIC ? "must not name a port other than " + usual : "has no valid port");
        }
        return port;
    }

    // Only one spelling of each address: a resolver would take 2130706433, 0x7f.1 and 0177.0.0.1 for 127.0.0.1.
    private static String host(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        if (uri.getHost() != null && host.startsWith("[")) {
            if (host.contains("%")) {
                throw new IllegalArgumentException("must not name a network interface");
            }
            return host.substring(1, host.length() - 1);
        }
        boolean valid = uri.getHost() != null
                && (IPV4.matcher(host).matches()
                        || (NAME.matcher(host).matches()
                                && !NUMERIC_END.matcher(host).matches()));
        if (!valid || host.length() > 253) {
            throw new IllegalArgumentException(
                    "must name a host such as example.com; write other alphabets as xn--… and numbers as 192.0.2.1");
        }
        return host;
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        if (!target.chars().allMatch(character -> character > ' ' && character < 127)) {
            throw new IllegalArgumentException("must be plain ASCII; write other characters percent-encoded");
        }
        return target;
    }

    /** Whom it reaches: the same for all addresses of one server. */
    public String origin() {
        return (tls ? "https://" : "http://") + authorityHost() + ":" + port;
    }

    /** The host as an address or a Host header has it: an IPv6 address in brackets. */
    public String authorityHost() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Without path and query, which may hold a token. */
    @Override
    public String toString() {
        return origin();
    }
}
