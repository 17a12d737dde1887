package dev.thunderhead.standalone.batch;

/**
 * A line of the batch, as far as its pictures' names need it.
 *
 * @param row its number, from 1
 * @param customId names it for the API
 * @param prompt what is painted
 */
record Request(int row, String customId, String prompt) {

    /** What to call its pictures: the row's own name, or its number. */
    String title() {
        String name = CustomId.name(row, customId);
        return name.isEmpty() ? "row " + row : name;
    }

    /** What to call it among others: {@code row 12 (Red mug)}. */
    String reference() {
        String name = CustomId.name(row, customId);
        return "row " + row + (name.isEmpty() ? "" : " (" + name + ")");
    }

    String fileStem() {
        String name = CustomId.name(row, customId);
        return FileStem.of(row, name.isEmpty() ? prompt : name);
    }
}
