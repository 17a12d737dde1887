package dev.thunderhead.frontend.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One server-sent event (WHATWG HTML, "server-sent events"). Immutable.
 *
 * @param name its type; without one it is a plain message
 * @param id what a client that comes back names as the last event it saw
 * @param data its content, of any number of lines
 */
record SseEvent(Optional<String> name, Optional<String> id, String data) {
    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
    private static final Pattern UNFIT = Pattern.compile("[\r\n\0]");

    SseEvent {
        if (name.filter(SseEvent::isUnfit).isPresent()
                || id.filter(SseEvent::isUnfit).isPresent()) {
            throw new IllegalArgumentException("an event's name and id are one line");
        }
    }

    private static boolean isUnfit(String text) {
        return UNFIT.matcher(text).find();
    }

    /** A comment, which clients pass over. */
    static Buffer comment(String text) {
        if (isUnfit(text)) {
            throw new IllegalArgumentException("a comment is one line");
        }
        return Buffer.buffer(": " + text + "\n\n");
    }

    /** As it goes over the wire, the empty line at its end included. */
    Buffer encode() {
        StringBuilder text = new StringBuilder(data.length() + 64);
        name.ifPresent(type -> text.append("event: ").append(type).append('\n'));
        id.ifPresent(last -> text.append("id: ").append(last).append('\n'));
        for (String line : LINE_END.split(data, -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return Buffer.buffer(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
}
