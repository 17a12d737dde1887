package dev.thunderhead.standalone.batch;

/**
 * Names a line of the batch: {@code 12}, or with a name {@code 12-Red mug}. The row's number makes it unique, and whoever
 * reads results elsewhere still knows the row.
 */
final class CustomId {
    static final int LONGEST = 256;
    private static final int LONGEST_NAME = 200;

    private CustomId() {}

    static String of(int row, String name) {
        String line = name.strip().replaceAll("\\s+", " ");
        return line.isEmpty() ? Integer.toString(row) : row + "-" + Beginning.of(line, LONGEST_NAME);
    }

    /** The name in it; empty when it is but the row's number. One that was made elsewhere is all name. */
    static String name(int row, String customId) {
        String number = Integer.toString(row);
        if (customId.equals(number)) {
            return "";
        }
        return customId.startsWith(number + "-") ? customId.substring(number.length() + 1) : customId;
    }
}
