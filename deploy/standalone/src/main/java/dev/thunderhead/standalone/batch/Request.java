package dev.thunderhead.standalone.batch;

/**
 * A line of the batch, as far as its pictures' names need it.
 *
 * @param row its number, from 1
 * @param customId names it for the API
 * @param prompt what is painted
 */
record Request(int row, String customId, String prompt) {

    /** The name of the row, in its own words; that of its files when it has none. */
    String name() {
        String name = CustomId.name(row, customId);
        return name.isEmpty() ? fileStem() : name;
    }

    String fileStem() {
        String name = CustomId.name(row, customId);
        return FileStem.of(row, name.isEmpty() ? prompt : name);
    }
}
