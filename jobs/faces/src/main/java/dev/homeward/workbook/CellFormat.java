package dev.homeward.workbook;

/** How a spreadsheet shows a value; the value itself is kept as it is, not rounded. */
enum CellFormat {
  TEXT("General"),
  COUNT("#,##0"),
  /** US dollars. */
  MONEY("#,##0.00;[Red]-#,##0.00"),
  /** US dollars a million tokens. */
  PRICE("#,##0.00####"),
  /** From 0 to 1, shown in per cent. */
  SHARE("0.0%"),
  RATIO("0.00##"),
  MILLIS("#,##0.0"),
  ENERGY("#,##0.0"),
  /** A number of any kind. */
  NUMBER("General");

  private final String pattern;

  CellFormat(String pattern) {
    this.pattern = pattern;
  }

  /** As the file has it: the notation of Office Open XML, the same in every language. */
  String pattern() {
    return pattern;
  }
}
