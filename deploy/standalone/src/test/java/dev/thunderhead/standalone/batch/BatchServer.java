package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server with the files and batches of our API, kept in memory, and beside it a store to which its media addresses
 * redirect. It ends a few more lines at each look at a batch. Its "pictures" are the bytes of their prompts and seeds.
 */
public final class BatchServer implements AutoCloseable {
    public static final String KEY = "th_test";

    private volatile HttpServer api;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private final Map<String, String> idempotent = new ConcurrentHashMap<>();
    private final Map<String, String> media = new ConcurrentHashMap<>();

    /** Prompts of the lines that fail now. */
    public final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** Prompts of the lines of which the first picture fails now. */
    final Set<String> partly = ConcurrentHashMap.newKeySet();

    /** Prompts of the lines that are wrong, and stay so. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** Every call, as method and path. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** The headers that the store was sent. */
    public final List<Headers> storeHeaders = new CopyOnWriteArrayList<>();

    /** Lines that end at each look at a batch. */
    public volatile int linesPerLook = 3;

    /** No batch gets further than this. */
    public volatile int limit = Integer.MAX_VALUE;

    /** So many calls of each path are answered with 429 or 503 first. */
    volatile int busy;

    /** Batches that are cancelled before their file is read. */
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    /** What is wrong with any file, as a whole. */
    volatile String refusal = "";

    /** What becomes of a batch at the limit: with these words the others of its lines are gone. */
    volatile String lost = "";

    /** What addresses at the store must end with, if anything. */
    private volatile String signature = "";

    /** Changes pages of results, JSON, on their way out. */
    volatile UnaryOperator<String> pages = UnaryOperator.identity();

    private final Map<String, Integer> refusedAsBusy = new ConcurrentHashMap<>();

    private record Batch(String id, List<JsonNode> requests, List<Map<String, Object>> results) {
        long completed() {
            return results.stream().filter(Batch::isCompleted).count();
        }

        private static boolean isCompleted(Map<String, Object> result) {
            return Json.text(result).contains("\"status_code\":200");
        }
    }

    public BatchServer() throws IOException {
        api = server(this::answer);
        store = server(this::picture);
    }

    private HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.setExecutor(threads);
        server.start();
        return server;
    }

    public ServerAddress address() {
        return new ServerAddress(base(api));
    }

    private static String base(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public long count(String call) {
        return calls.stream().filter(made -> made.startsWith(call)).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String call = exchange.getRequestMethod() + " " + path;
        calls.add(call);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!path.equals("/v1/models") && refusedAsBusy.merge(call, 1, Integer::sum) <= busy) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            error(exchange, refusedAsBusy.get(call) % 2 == 0 ? 429 : 503, "come back later");
        } else if (path.startsWith("/media/")) {
            exchange.getResponseHeaders().add("Location", base(store) + path.replace("/media", "/bucket"));
            exchange.sendResponseHeaders(302, -1);
        } else if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            error(exchange, 401, "Incorrect API key provided");
        } else {
            synchronized (this) {
                answer(exchange, call, body);
            }
        }
    }

    private void answer(HttpExchange exchange, String call, byte[] body) throws IOException {
        String[] parts = call.split("/", -1);
        String id = parts.length > 3 ? parts[3] : "";
        if (call.equals("GET /v1/models")) {
            send(exchange, 200, Map.of("object", "list", "data", List.of()));
        } else if (call.equals("POST /v1/files")) {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String file = idempotent.computeIfAbsent(key, none -> "file-" + (files.size() + 1));
            files.put(file, part(exchange, body, "file"));
            send(exchange, 200, Map.of("id", file, "object", "file", "purpose", "batch", "status", "processed"));
        } else if (call.equals("POST /v1/batches")) {
            JsonNode request = Json.read(body, JsonNode.class);
            send(
                    exchange,
                    200,
                    shown(create(exchange, lines(request.path("input_file_id").asText()))));
        } else if (!batches.containsKey(id)) {
            error(exchange, 404, "No such batch");
        } else if (call.endsWith("/retry_failed")) {
            List<JsonNode> failed = failedLines(batches.get(id));
            if (failed.isEmpty()) {
                error(exchange, 409, "no line of the batch has failed");
            } else {
                send(exchange, 200, shown(create(exchange, failed)));
            }
        } else if (call.endsWith("/results")) {
            String page =
                    Json.text(page(batches.get(id), exchange.getRequestURI().getQuery()));
            send(exchange, 200, Json.read(pages.apply(page).getBytes(UTF_8), JsonNode.class));
        } else {
            advance(batches.get(id));
            send(exchange, 200, shown(batches.get(id)));
        }
    }

    /** The content of a part of multipart/form-data. */
    private static byte[] part(HttpExchange exchange, byte[] body, String name) {
        String boundary = exchange.getRequestHeaders().getFirst("Content-Type").replaceFirst(".*boundary=", "");
        for (String part : new String(body, ISO_8859_1).split("\r\n--|^--", -1)) {
            if (part.startsWith(boundary) && part.contains("name=\"" + name + "\"")) {
                return part.substring(part.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
            }
        }
        throw new IllegalArgumentException("there is no part " + name);
    }

    private List<JsonNode> lines(String file) {
        return new String(files.get(file), UTF_8)
                .lines()
                .map(line -> Json.read(line.getBytes(UTF_8), JsonNode.class))
                .toList();
    }

    private List<JsonNode> failedLines(Batch batch) {
        Set<Object> completed = batch.results().stream()
                .filter(Batch::isCompleted)
                .map(result -> result.get("custom_id"))
                .collect(Collectors.toSet());
        return batch.requests().stream()
                .filter(request -> !completed.contains(request.path("custom_id").asText()))
                .toList();
    }

    private Batch create(HttpExchange exchange, List<JsonNode> requests) {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String id = idempotent.computeIfAbsent(key, none -> "batch_" + (batches.size() + 1));
        return batches.computeIfAbsent(id, none -> new Batch(id, requests, new ArrayList<>()));
    }

    private void advance(Batch batch) {
        for (int more = 0; more < linesPerLook; more++) {
            int next = batch.results().size();
            if (refusal.isEmpty()
                    && !cancelled.contains(batch.id())
                    && next < Math.min(limit, batch.requests().size())) {
                // From the last line to the first: results come in the order in which lines end.
                batch.results().add(result(batch, batch.requests().size() - next));
            }
        }
    }

    private Map<String, Object> result(Batch batch, int line) {
        JsonNode request = batch.requests().get(line - 1);
        String prompt = request.path("body").path("prompt").asText();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", "batch_req_" + batch.id() + "_" + line);
        result.put("custom_id", request.path("custom_id").asText());
        result.put("line", line);
        if (prompt.equals("expires")) {
            result.put("response", null);
            result.put("error", Map.of("code", "batch_expired", "message", "This line was not painted in time."));
            return result;
        }
        result.put("error", null);
        Map<String, String> error =
                Map.of("type", "server_error", "code", "render_failed", "message", "The renderer failed.");
        if (failing.contains(prompt)) {
            result.put("response", Map.of("status_code", 500, "body", Map.of("error", error)));
            return result;
        }
        if (refused.contains(prompt)) {
            Map<String, String> refusal = Map.of("type", "invalid_request_error", "message", "size is wrong");
            result.put("response", Map.of("status_code", 400, "body", Map.of("error", refusal)));
            return result;
        }
        List<Map<String, Object>> data = new ArrayList<>();
        long seed = request.path("body").path("seed").asLong(100);
        for (int picture = 0; picture < request.path("body").path("n").asInt(1); picture++) {
            String token = batch.id() + "-" + line + "-" + picture + ".png";
            media.put(token, prompt + "/" + (seed + picture));
            data.add(Map.of("url", base(api) + "/media/" + token, "seed", seed + picture));
        }
        if (partly.contains(prompt)) {
            List<Map<String, Object>> finished = data.subList(1, data.size());
            result.put("response", Map.of("status_code", 500, "body", Map.of("error", error, "data", finished)));
            return result;
        }
        result.put("response", Map.of("status_code", 200, "body", Map.of("created", 1, "data", data)));
        return result;
    }

    private Map<String, Object> shown(Batch batch) {
        boolean calledOff = cancelled.contains(batch.id());
        boolean ended = batch.results().size() == batch.requests().size();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", batch.id());
        String status = calledOff ? "cancelled" : ended ? "completed" : "in_progress";
        boolean hasLost = !lost.isEmpty() && batch.results().size() == limit;
        shown.put("status", refusal.isEmpty() && !hasLost ? status : "failed");
        shown.put("errors", errors(hasLost));
        shown.put(
                "request_counts",
                Map.of(
                        "total",
                        batch.requests().size(),
                        "completed",
                        batch.completed(),
                        "failed",
                        batch.results().size() - batch.completed()));
        shown.put("eta_seconds", null);
        return shown;
    }

    private @Nullable Map<String, Object> errors(boolean hasLost) {
        if (hasLost) {
            return Map.of("data", List.of(Map.of("code", "results_lost", "message", lost)));
        }
        return refusal.isEmpty() ? null : Map.of("data", List.of(Map.of("code", "x", "line", 2, "message", refusal)));
    }

    private static Map<String, Object> page(Batch batch, String query) {
        String after = query.replaceFirst(".*after=", "");
        int start = 0;
        for (int at = 0; at < batch.results().size(); at++) {
            if (batch.results().get(at).get("id").equals(after)) {
                start = at + 1;
            }
        }
        // Smaller pages than asked for, so that there are some.
        int end = Math.min(start + 2, batch.results().size());
        return Map.of(
                "object",
                "list",
                "data",
                batch.results().subList(start, end),
                "has_more",
                end < batch.results().size());
    }

    private void picture(HttpExchange exchange) throws IOException {
        storeHeaders.add(exchange.getRequestHeaders());
        String token = exchange.getRequestURI().getPath().replaceFirst("/bucket/", "");
        if (!signature.isEmpty() && !signature.equals(exchange.getRequestURI().getQuery())) {
            exchange.sendResponseHeaders(403, -1);
            return;
        }
        String picture = media.get(token);
        if (picture == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] bytes = picture.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** From now on results have addresses at the store, and those of before work no more. */
    void presign(String newSignature) {
        signature = newSignature;
        pages = page -> page.replace(base(api) + "/media/", base(store) + "/bucket/")
                .replace(".png\"", ".png?" + newSignature + "\"");
    }

    /** Goes to another address, and with it all pictures. */
    void move() throws IOException {
        String before = base(api);
        api.stop(0);
        api = server(this::answer);
        pages = page -> page.replace(before, base(api));
    }

    /** Takes all pictures away. */
    void loseMedia() {
        media.clear();
    }

    /** Forgets all batches and their results. */
    void loseBatches() {
        batches.clear();
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        send(exchange, status, Map.of("error", Map.of("message", message, "type", "x")));
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        api.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
