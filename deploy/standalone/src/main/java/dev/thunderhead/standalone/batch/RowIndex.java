package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a campaign by their ids, and what their files are called. Immutable. */
final class RowIndex {
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<String> stems = new ArrayList<>();

    private RowIndex() {}

    static RowIndex of(RequestsFile requests) throws IOException {
        RowIndex index = new RowIndex();
        requests.forEach(request -> {
            index.rows.put(request.customId(), request.row());
            index.stems.add(request.fileStem());
        });
        return index;
    }

    /** The row of a line; empty when the campaign has no such line. */
    Optional<Integer> row(String customId) {
        return Optional.ofNullable(rows.get(customId));
    }

    String fileStem(int row) {
        return stems.get(row - 1);
    }

    int size() {
        return stems.size();
    }
}
