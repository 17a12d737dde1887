package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.job.Account;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /v1/files/{id}/content}, and HEAD: the file, or the one stretch of it that is asked for. It is read from the store stretch by stretch, each when the
 * client has taken the one before: a client that reads slowly keeps neither a thread nor a connection to the store, and
 * one stretch in memory.
 */
final class DownloadFile implements Handler<RoutingContext> {
    private static final int STRETCH = 512 * 1024;
    private static final int PARTIAL_CONTENT = 206;

    private final Files files;
    private final BlockingWork blocking;

    DownloadFile(Files files, BlockingWork blocking) {
        this.files = files;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        Account account = Exchange.of(context).knownCaller().account();
        String id = context.pathParam(FileRoutes.ID);
        blocking.call(context.vertx().getOrCreateContext(), () -> FileAnswer.find(files, account, id))
                .onSuccess(file -> answer(context, file))
                .onFailure(context::fail);
    }

    private void answer(RoutingContext context, StoredFile file) {
        HttpServerResponse response = context.response().putHeader("accept-ranges", ByteRange.UNIT);
        if (context.request().method().equals(HttpMethod.HEAD)) {
            describe(response, file, file.bytes()).end();
            return;
        }
        ByteRange asked = asked(context.request(), file);
        if (asked instanceof ByteRange.Unsatisfiable) {
            response.putHeader("content-range", ByteRange.UNIT + " */" + file.bytes());
            context.fail(ApiError.of(
                            ErrorKind.UNSATISFIABLE_RANGE,
                            "range_not_satisfiable",
                            "the file has " + file.bytes() + " bytes, and none in that range")
                    .asException());
        } else if (asked instanceof ByteRange.Part part) {
            describe(response, file, part.end() - part.begin())
                    .setStatusCode(PARTIAL_CONTENT)
                    .putHeader("content-range", part.of(file.bytes()));
            send(context, file, part.begin(), part.end());
        } else {
            describe(response, file, file.bytes());
            send(context, file, 0, file.bytes());
        }
    }

    // Files never change, but without a validator nobody can know that he has the beginning of this one.
    private static ByteRange asked(HttpServerRequest request, StoredFile file) {
        String range = request.getHeader("range");
        return range == null || request.getHeader("if-range") != null
                ? new ByteRange.Whole()
                : ByteRange.parse(range, file.bytes());
    }

    private static HttpServerResponse describe(HttpServerResponse response, StoredFile file, long length) {
        return response.putHeader("content-type", "application/jsonl")
                .putHeader("content-length", Long.toString(length))
                .putHeader("content-disposition", disposition(file.name()))
                .putHeader("x-content-type-options", "nosniff");
    }

    private void send(RoutingContext context, StoredFile file, long offset, long end) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            return;
        }
        if (offset == end) {
            response.end();
            return;
        }
        Context loop = context.vertx().getOrCreateContext();
        Future<byte[]> read = blocking.call(loop, () -> read(file, offset, end));
        read.onFailure(context::fail);
        // Not one long chain of futures, which would grow with the file.
        read.onSuccess(stretch -> response.write(Buffer.buffer(stretch))
                .onSuccess(taken -> send(context, file, offset + stretch.length, end)));
    }

    private byte[] read(StoredFile file, long offset, long end) throws IOException {
        int length = (int) Math.min(STRETCH, end - offset);
        return files.read(file, offset, length)
                .filter(stretch -> stretch.length == length)
                .orElseThrow(() -> new IOException("the file " + file.id() + " was deleted while it was read"));
    }

    /** The file's name by RFC 6266: in ASCII for the old, and in full. */
    static String disposition(String name) {
        String ascii = name.replaceAll("[^ -~]|[\"\\\\%]", "_");
        String full = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + full;
    }
}
