package dev.thunderhead.standalone.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.csv.CSVRecord;

/** The columns of a table, by their names in any case. Immutable. */
final class Columns {
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> places = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Columns() {}

    /**
     * Reads the row that names them.
     *
     * @throws InputException when one has no name, or that of another
     */
    static Columns of(CSVRecord header, Path file) {
        Columns columns = new Columns();
        for (String cell : header) {
            String name = cell.strip();
            if (name.isEmpty()) {
                throw new InputException("column " + (columns.size() + 1) + " of " + file + " has no name");
            }
            if (columns.places.put(name, columns.size()) != null) {
                throw new InputException(file + " has two columns named '" + name + "'");
            }
            columns.names.add(name);
        }
        return columns;
    }

    int size() {
        return names.size();
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    /** A row's cell in a column that is there. */
    String cell(CSVRecord row, String name) {
        return row.get(Objects.requireNonNull(places.get(name)));
    }

    /** Their names, as the file has them and in its order. */
    @Override
    public String toString() {
        return String.join(", ", names);
    }
}
