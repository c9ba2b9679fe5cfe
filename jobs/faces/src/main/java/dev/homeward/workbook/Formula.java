package dev.homeward.workbook;

/**
 * A cell that a spreadsheet computes.
 *
 * @param expression without the equals sign, names of functions in English
 * @param value what it comes to, for programs that show a workbook without computing it
 */
record Formula(String expression, double value) {}
