package dev.thunderhead.frontend.webhook.client;

import dev.thunderhead.frontend.webhook.Deliverer;
import dev.thunderhead.frontend.webhook.Sender;
import dev.thunderhead.frontend.webhook.WebhookUrl;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Posts with Vert.x, over connections that are kept for a moment. Thread-safe. */
public final class HttpSender implements Sender, AutoCloseable {
    /** How much of an answer's body is read at most, in bytes. */
    static final int MAX_BODY = 20_000;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Shorter than the five seconds after which many servers hang up, or a call would meet a closed connection. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private final HttpClient client;
    private final Duration timeout;
    private final Duration connect;

    /**
     * @param timeout for the whole call
     * @param trust whose certificates to believe; the platform's choice if absent
     */
    public HttpSender(Vertx vertx, Duration timeout, Optional<TrustOptions> trust) {
        this.timeout = timeout;
        this.connect = timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) connect.toMillis())
                .setSslHandshakeTimeout(connect.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setTcpNoDelay(true);
        trust.ifPresent(options::setTrustOptions);
        // Accounts that call the same server share its connections. Room for every call there may be: none waits for a
        // connection that another account's slow calls hold.
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(Deliverer.MOST_CALLS));
    }

    @Override
    public Response post(Request request) throws IOException, InterruptedException {
        AtomicReference<@Nullable HttpClientRequest> open = new AtomicReference<>();
        AtomicBoolean abandoned = new AtomicBoolean();
        AtomicReference<@Nullable Response> answer = new AtomicReference<>();
        Future<Void> exchange = client.request(options(request))
                .compose(connected -> {
                    // In this order, and the other one below: a connection that comes too late is closed by one of
                    // them.
                    open.set(connected);
                    if (abandoned.get()) {
                        close(connected);
                        return Future.failedFuture("nobody waits any more");
                    }
                    return connected.send(Buffer.buffer(request.body()));
                })
                .compose(response -> {
                    answer.set(new Response(
                            response.statusCode(), Optional.ofNullable(response.getHeader("retry-after"))));
                    return drained(response);
                });
        try {
            exchange.toCompletionStage().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException problem) {
            abandoned.set(true);
            close(open.get());
            // Once the status has come, what follows does not matter.
            if (answer.get() == null) {
                throw new IOException(reason(problem), problem);
            }
        }
        Response response = answer.get();
        if (response == null) {
            throw new IOException("the connection was closed without an answer");
        }
        return response;
    }

    private RequestOptions options(Request request) {
        WebhookUrl url = request.url();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                // The very address that was judged; a name would be asked for anew.
                .setServer(SocketAddress.inetSocketAddress(
                        url.port(), request.address().getHostAddress()))
                .setHost(url.authorityHost())
                .setPort(url.port())
                .setSsl(url.tls())
                .setURI(url.target())
                .setConnectTimeout(connect.toMillis())
                .setFollowRedirects(false);
        request.headers().forEach(options::addHeader);
        return options;
    }

    /** Reads to the end, or as much as is read at most. */
    private static Future<Void> drained(HttpClientResponse response) {
        Promise<Void> end = Promise.promise();
        int[] bytes = {0};
        response.exceptionHandler(end::tryFail);
        response.endHandler(end::tryComplete);
        response.handler(chunk -> {
            bytes[0] += chunk.length();
            if (bytes[0] > MAX_BODY) {
                end.tryFail(new IOException("the answer's body is too long"));
            }
        });
        return end.future();
    }

    private static void close(@Nullable HttpClientRequest request) {
        if (request != null) {
            Future<Void> unused = request.connection().close();
        }
    }

    private String reason(Exception problem) {
        if (problem instanceof TimeoutException) {
            return "no answer within " + timeout.toSeconds() + " s";
        }
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectTimeoutException
                    || cause instanceof SslHandshakeTimeoutException
                    || cause instanceof TimeoutException) {
                return "no connection within " + connect.toSeconds() + " s";
            }
            if (cause instanceof SSLException) {
                return "no secure connection: the certificate or the protocol is not accepted";
            }
            if (cause instanceof ConnectException) {
                return "the connection was refused";
            }
        }
        return "the connection broke before an answer came";
    }

    @Override
    public void close() {
        Future<Void> unused = client.close();
    }
}
