package dev.thunderhead.standalone.batch;

/**
 * A line of the batch, as far as its pictures' names need it.
 *
 * @param row its number, from 1
 * @param customId names it for the API
 * @param name the row's own; empty when it has none
 * @param prompt what is painted
 */
record Request(int row, String customId, String name, String prompt) {

    static Request of(int row, String customId, String prompt) {
        return new Request(row, customId, CustomId.name(row, customId), prompt);
    }

    /** What to call its pictures: the row's own name, or its number. */
    String title() {
        return name.isEmpty() ? "row " + row : name;
    }

    /** What to call it among others: {@code row 12 (Red mug)}. */
    String reference() {
        return "row " + row + (name.isEmpty() ? "" : " (" + name + ")");
    }

    String fileStem() {
        return FileStem.of(row, name.isEmpty() ? prompt : name);
    }
}
