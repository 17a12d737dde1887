package dev.thunderhead.standalone.batch;

/**
 * Makes text safe for spreadsheets, which run cells that look like formulas: an apostrophe in front keeps them text (OWASP,
 * "CSV Injection").
 */
final class SpreadsheetCell {
    private static final String STARTS_A_FORMULA = "=+-@\t\r\n＝＋－＠";

    private SpreadsheetCell() {}

    static String of(String text) {
        return !text.isEmpty() && STARTS_A_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
