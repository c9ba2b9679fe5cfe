package dev.homeward.workbook;

/** Names of cells as spreadsheets have them: letters for columns, numbers from 1 for rows. */
final class Reference {
  private static final int LETTERS = 26;

  private Reference() {}

  /** A column, counted from 0: A to Z, AA, AB and so on. */
  static String column(int column) {
    StringBuilder name = new StringBuilder();
    for (int left = column + 1; left > 0; left = (left - 1) / LETTERS) {
      name.insert(0, (char) ('A' + (left - 1) % LETTERS));
    }
    return name.toString();
  }

  /** A cell, row and column counted from 0. */
  static String of(int row, int column) {
    return column(column) + (row + 1);
  }
}
