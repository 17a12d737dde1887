package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.job.Account;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /v1/files/{id}/content}, and HEAD: the file. It is read from the store stretch by stretch, each when the
 * client has taken the one before: a client that reads slowly keeps neither a thread nor a connection to the store, and
 * one stretch in memory.
 */
final class DownloadFile implements Handler<RoutingContext> {
    private static final int STRETCH = 512 * 1024;

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
        HttpServerResponse response = context.response()
                .putHeader("content-type", "application/jsonl")
                .putHeader("content-length", Long.toString(file.bytes()))
                .putHeader("content-disposition", disposition(file.name()))
                .putHeader("x-content-type-options", "nosniff");
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            send(context, file, 0);
        }
    }

    private void send(RoutingContext context, StoredFile file, long offset) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            return;
        }
        if (offset == file.bytes()) {
            response.end();
            return;
        }
        Context loop = context.vertx().getOrCreateContext();
        Future<byte[]> read = blocking.call(loop, () -> read(file, offset));
        read.onFailure(context::fail);
        // Not one long chain of futures, which would grow with the file.
        read.onSuccess(stretch -> response.write(Buffer.buffer(stretch))
                .onSuccess(taken -> send(context, file, offset + stretch.length)));
    }

    private byte[] read(StoredFile file, long offset) throws IOException {
        int length = (int) Math.min(STRETCH, file.bytes() - offset);
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
