package dev.thunderhead.frontend.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that goes on: server-sent events, as they happen, and a comment now and then while nothing does. A client that
 * reads too slowly costs no more than {@link Limits#buffer} and one event, and is then hung up on. A listener costs memory
 * only. Belongs to the request's event loop.
 */
final class EventStream {
    private static final int CHUNK = 32 * 1024;
    /** Sockets take nothing before a good part of what they hold, up to some megabytes, has been read. */
    private static final int MOST_BEATS_UNREAD = 2;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final Limits limits;
    private final long timer;
    private final List<Runnable> eachBeat = new ArrayList<>();
    private long pending;
    private long written;
    private long writtenAtLastBeat;
    private int beatsUnread;
    private boolean over;

    /**
     * How a stream is kept.
     *
     * @param beat how often a silent stream says that it lives; a client that takes nothing for twice as long is gone
     * @param buffer bytes that may wait to be read
     */
    record Limits(Duration beat, int buffer) {
        static final Limits USUAL = new Limits(Duration.ofSeconds(15), 256 * 1024);
    }

    private EventStream(RoutingContext context, Limits limits) {
        this.vertx = context.vertx();
        this.response = context.response();
        this.connection = context.request().connection();
        this.limits = limits;
        this.timer = vertx.setPeriodic(limits.beat().toMillis(), fired -> beat());
        context.addEndHandler(done -> finish());
    }

    /** Begins the answer: from now on errors go into the stream. */
    static EventStream open(RoutingContext context, Limits limits) {
        context.response()
                .setChunked(true)
                .putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-store")
                // Or a proxy may wait until it has a good portion.
                .putHeader("x-accel-buffering", "no");
        EventStream stream = new EventStream(context, limits);
        stream.write(SseEvent.comment("open"));
        return stream;
    }

    /** Does this too whenever the stream says that it lives. */
    void eachBeat(Runnable action) {
        eachBeat.add(action);
    }

    /**
     * Sends an event that the client must not miss: when it has not read what came before, it is hung up on.
     *
     * @return completes when the event is on its way; fails when the stream is over
     */
    Future<Void> send(SseEvent event) {
        if (!isOpen()) {
            return Future.failedFuture("the stream is over");
        }
        if (pending > limits.buffer()) {
            hangUp();
            return Future.failedFuture("the client does not read");
        }
        return write(event.encode());
    }

    /** Sends an event that is of no use later: a client that has not read what came before does without it. */
    void offer(SseEvent event) {
        if (isOpen() && pending <= limits.buffer()) {
            write(event.encode());
        }
    }

    // In pieces, so that it shows whether a client reads, however slowly.
    private Future<Void> write(Buffer bytes) {
        Future<Void> last = Future.succeededFuture();
        for (int from = 0; from < bytes.length(); from += CHUNK) {
            Buffer piece = bytes.slice(from, Math.min(bytes.length(), from + CHUNK));
            pending += piece.length();
            last = response.write(piece).onSuccess(done -> {
                pending -= piece.length();
                written += piece.length();
            });
        }
        return last;
    }

    private void beat() {
        beatsUnread = pending > 0 && written == writtenAtLastBeat ? beatsUnread + 1 : 0;
        if (beatsUnread >= MOST_BEATS_UNREAD) {
            hangUp();
            return;
        }
        writtenAtLastBeat = written;
        if (pending == 0) {
            write(SseEvent.comment("keep-alive"));
        }
        List.copyOf(eachBeat).forEach(Runnable::run);
    }

    // Vert.x closes a connection when what is on its way has been read, and this client does not read.
    private void hangUp() {
        finish();
        if (connection instanceof ConnectionBase channel) {
            var unused = channel.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }

    boolean isOpen() {
        return !over && !response.ended() && !response.closed();
    }

    /** Ends the answer. More often does no harm. */
    void end() {
        if (isOpen()) {
            finish();
            response.end();
        }
    }

    private void finish() {
        over = true;
        vertx.cancelTimer(timer);
    }
}
