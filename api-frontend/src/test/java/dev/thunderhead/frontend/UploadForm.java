package dev.thunderhead.frontend;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** The forms in which files are uploaded, written by hand. */
final class UploadForm {
    static final String BOUNDARY = "----boundary-of-parts";
    static final String LINE = "{\"custom_id\": \"a\"}\n";

    private UploadForm() {}

    /** A part of a form; with a file's name it is a file. */
    static String part(String head, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=" + head + "\r\n\r\n" + content + "\r\n";
    }

    static String filePart(String content) {
        return part("\"file\"; filename=\"lines.jsonl\"", content);
    }

    static final String PURPOSE = part("\"purpose\"", "batch");
    static final String END = "--" + BOUNDARY + "--\r\n";

    static Client.Answer post(Client who, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                who.request("/v1/files").header("content-type", "multipart/form-data; boundary=" + BOUNDARY);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Client.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    static List<String> listed(Client who) throws Exception {
        List<String> ids = new ArrayList<>();
        who.get("/v1/files")
                .json()
                .get("data")
                .forEach(one -> ids.add(one.get("id").asText()));
        return ids;
    }
}
