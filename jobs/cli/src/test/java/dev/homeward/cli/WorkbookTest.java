package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * review.xlsx, read back as a file of XML and by LibreOffice: what it says is what the review's CSV
 * says, a spreadsheet comes to the same sums, and no name in a log is ever a formula.
 */
final class WorkbookTest {
  private static final List<String> SHEETS =
      List.of("Summary", "Ranking", "Plan", "Spend", "Assumptions", "Violations", "Data quality");

  /** Formulas are computed when a file is opened, instead of believed. */
  private static final String ALWAYS_COMPUTE =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <oor:items xmlns:oor="http://openoffice.org/2001/registry">
      <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
      <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
      </oor:items>
      """;

  @TempDir static Path folder;
  private static Path review;
  private static Xlsx book;

  @BeforeAll
  static void reviewOnce() throws IOException {
    review = HostileMonth.review(folder);
    book = new Xlsx(review.resolve("review.xlsx"));
  }

  @Test
  void hasItsSheetsEachWithAFrozenHeaderNotesAndWidths() {
    assertEquals(SHEETS, List.copyOf(book.sheets().keySet()));
    book.sheets()
        .forEach(
            (name, sheet) -> {
              Element pane = (Element) sheet.xml().getElementsByTagName("pane").item(0);
              assertEquals("frozen", pane.getAttribute("state"), name);
              assertEquals("1", pane.getAttribute("ySplit"), name);
              long headers =
                  sheet.cells().keySet().stream().filter(c -> c.matches("[A-Z]+1")).count();
              assertEquals(headers, sheet.notes().size(), name + " notes");
              assertTrue(sheet.notes().stream().noneMatch(String::isBlank), name);
              assertEquals(headers, sheet.xml().getElementsByTagName("col").getLength(), name);
              if (!name.equals("Summary")) {
                NodeList filter = sheet.xml().getElementsByTagName("autoFilter");
                assertEquals(1, filter.getLength(), name + " filter");
              }
            });
  }

  /** A cell that is empty in ranking.csv is empty here, a number there is the same number here. */
  @Test
  void theRankingIsThatOfRankingCsv() throws IOException {
    List<Map<String, String>> csv = Tables.read(review.resolve("ranking.csv"));
    List<Map<String, Xlsx.Cell>> rows = book.sheets().get("Ranking").rows();
    assertEquals(csv.size(), rows.size());
    int numbers = 0;
    for (int i = 0; i < rows.size(); i++) {
      for (Map.Entry<String, String> cell : csv.get(i).entrySet()) {
        Xlsx.Cell here = rows.get(i).get(cell.getKey());
        if (cell.getValue().isEmpty()) {
          assertEquals(null, here, cell.getKey());
        } else if (here.type().equals("n")) {
          numbers++;
          assertEquals(cell.getValue(), Tables.as(cell.getValue(), here.value()), cell.getKey());
        } else {
          assertEquals(cell.getValue(), here.value(), cell.getKey());
        }
      }
    }
    assertTrue(numbers > 10 * rows.size(), numbers + " numbers");
  }

  @Test
  void numbersHaveFormats() {
    for (Map<String, Xlsx.Cell> row : book.sheets().get("Ranking").rows()) {
      assertEquals("#,##0", row.get("calls").format());
      if (row.containsKey("api_forecast_usd")) {
        assertEquals("#,##0.00;[Red]-#,##0.00", row.get("api_forecast_usd").format());
      }
      assertEquals("0.0%", row.get("untagged_share").format());
    }
  }

  @Test
  void thePlanIsThatOfPlanCsvAndItsSumsThoseOfTheSummary() throws IOException {
    List<Map<String, String>> csv = Tables.read(review.resolve("plan.csv"));
    List<Map<String, Xlsx.Cell>> rows = book.sheets().get("Plan").rows();
    assertTrue(csv.size() > 4, "the plan must have steps for this test to show anything");
    assertEquals(csv.size() + 1, rows.size());
    for (int i = 0; i < csv.size(); i++) {
      for (Map.Entry<String, String> cell : csv.get(i).entrySet()) {
        Xlsx.Cell here = rows.get(i).get(cell.getKey());
        String value = here == null ? "" : Tables.as(cell.getValue(), here.value());
        assertEquals(cell.getValue(), value, cell.getKey() + " of step " + (i + 1));
      }
    }
    JsonNode plan =
        new ObjectMapper().readTree(review.resolve("summary.json").toFile()).get("plan");
    Map<String, Xlsx.Cell> all = rows.get(rows.size() - 1);
    same(plan.get("saving_monthly_usd"), all.get("monthly_saving_usd"));
    same(plan.get("initial_usd"), all.get("capex_usd"));
  }

  private static void same(JsonNode expected, Xlsx.Cell cell) {
    assertTrue(cell.formula().startsWith("SUM("), cell.formula());
    assertEquals(expected.doubleValue(), Double.parseDouble(cell.value()), 1e-6);
  }

  /** Each kind of token is there, and all lines together are what ranking.csv says. */
  @Test
  void theSpendAddsUpToTheRanking() throws IOException {
    List<Map<String, Xlsx.Cell>> rows = book.sheets().get("Spend").rows();
    Map<String, BigDecimal> sums = new HashMap<>();
    BigDecimal all = BigDecimal.ZERO;
    for (Map<String, Xlsx.Cell> row : rows.subList(0, rows.size() - 1)) {
      BigDecimal amount = new BigDecimal(row.get("amount_usd").value());
      BigDecimal byHand =
          new BigDecimal(row.get("tokens").value())
              .multiply(new BigDecimal(row.get("usd_per_million").value()))
              .movePointLeft(6);
      assertTrue(byHand.subtract(amount).abs().compareTo(new BigDecimal("1e-8")) < 0);
      sums.merge(row.get("workload").value(), amount, BigDecimal::add);
      all = all.add(amount);
    }
    for (Map<String, String> row : Tables.read(review.resolve("ranking.csv"))) {
      if (!row.get("api_cost_usd").isEmpty()) {
        assertEquals(
            row.get("api_cost_usd"),
            sums.get(row.get("workload")).setScale(2, RoundingMode.HALF_EVEN).toPlainString());
      }
    }
    assertEquals(
        all.doubleValue(),
        Double.parseDouble(rows.get(rows.size() - 1).get("amount_usd").value()),
        1e-9);
  }

  @Test
  void assumptionsSayWhoSetThem() {
    Map<String, Map<String, Xlsx.Cell>> byKey = new TreeMap<>();
    for (Map<String, Xlsx.Cell> row : book.sheets().get("Assumptions").rows()) {
      byKey.put(row.get("assumption").value(), row);
      assertTrue(row.get("about").value().length() > 10, row.get("assumption").value());
    }
    assertEquals("your settings", byKey.get("engineer-usd-per-hour").get("set_by").value());
    assertEquals("40.0", byKey.get("engineer-usd-per-hour").get("value").value());
    assertEquals("default", byKey.get("pue").get("set_by").value());
    assertEquals("1.3", byKey.get("pue").get("value").value());
    assertEquals("-0.4", byKey.get("api-price-change-per-year").get("p10").value());
  }

  @Test
  void violationsAndDataQualityAreThoseOfTheReview() throws IOException {
    List<Map<String, String>> csv = Tables.read(review.resolve("violations.csv"));
    assertEquals(1, csv.size());
    Map<String, Xlsx.Cell> row = book.sheets().get("Violations").rows().get(0);
    csv.get(0)
        .forEach(
            (name, value) ->
                assertEquals(value, row.containsKey(name) ? row.get(name).value() : "", name));
    Map<String, String> quality = new HashMap<>();
    for (Map<String, Xlsx.Cell> line : book.sheets().get("Data quality").rows()) {
      if (line.containsKey("value")) {
        quality.put(
            line.get("figure").value()
                + (line.containsKey("of") ? " " + line.get("of").value() : ""),
            Tables.as("0", line.get("value").value()));
      }
    }
    assertEquals("1", quality.get("rejected"));
    assertEquals("1", quality.get("unpriced calls lab / no-such-model"));
    JsonNode said = new ObjectMapper().readTree(review.resolve("summary.json").toFile());
    assertEquals(said.at("/data_quality/calls").asText(), quality.get("calls"));
  }

  /** Every formula is one of the program's own, and every name of the log is a text. */
  @Test
  void noNameOfTheLogIsEverAFormula() {
    for (Map.Entry<String, Xlsx.Sheet> sheet : book.sheets().entrySet()) {
      for (Map.Entry<String, Xlsx.Cell> cell : sheet.getValue().cells().entrySet()) {
        String where = sheet.getKey() + " " + cell.getKey();
        if (!cell.getValue().formula().isEmpty()) {
          assertTrue(
              cell.getValue()
                  .formula()
                  .matches(
                      "(SUM|COUNTIF|SUMIF)\\((('[A-Z][a-z]+'!)?[$A-Z0-9:]+|,|\"[A-Z_]+\")+\\)"),
              where + ": " + cell.getValue().formula());
        } else if (cell.getValue().type().equals("s")) {
          assertFalse(cell.getValue().value().matches("(?s)[=+@-].*"), where);
          assertTrue(cell.getValue().value().length() <= 32_767, where);
          assertTrue(
              cell.getValue().value().chars().allMatch(c -> c >= 0x20 && c != 0x202E), where);
        }
      }
    }
    List<String> workloads = new ArrayList<>();
    book.sheets().get("Ranking").rows().forEach(r -> workloads.add(r.get("workload").value()));
    assertTrue(workloads.contains("'=cmd|' /C calc'!A0"), workloads.toString());
    assertTrue(workloads.contains("<script>alert(1)</script>"), workloads.toString());
    assertTrue(workloads.contains("\\u202egnp.live"), workloads.toString());
    assertTrue(workloads.stream().anyMatch(w -> w.startsWith("nnnn") && w.contains("~")));
  }

  /** Neither clock nor place: made again elsewhere, the file has the same bytes. */
  @Test
  void theSameReviewGivesTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(review.resolve("review.xlsx"));
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      Path out = folder.resolve("again");
      assertEquals(0, Cli.run("report", review.toString(), "--out", out.toString()).exit());
      assertArrayEquals(first, Files.readAllBytes(out.resolve("review.xlsx")));
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
    assertFalse(book.parts().get("docProps/core.xml").contains("created"));
  }

  /** A spreadsheet opens it and comes to the figures that stand beside the formulas. */
  @Test
  void libreOfficeComesToTheSameSums() throws Exception {
    Map<String, List<List<String>>> computed = computed(review.resolve("review.xlsx"), "as-is");
    int formulas = 0;
    for (Map.Entry<String, Xlsx.Sheet> sheet : book.sheets().entrySet()) {
      for (Map.Entry<String, Xlsx.Cell> cell : sheet.getValue().cells().entrySet()) {
        if (!cell.getValue().formula().isEmpty()) {
          formulas++;
          assertEquals(
              Double.parseDouble(cell.getValue().value()),
              number(computed.get(sheet.getKey()), cell.getKey()),
              1e-6,
              sheet.getKey() + " " + cell.getKey());
        } else if (cell.getValue().type().equals("s")) {
          assertEquals(
              cell.getValue().value(),
              at(computed.get(sheet.getKey()), cell.getKey()),
              sheet.getKey() + " " + cell.getKey());
        }
      }
    }
    assertTrue(formulas > 20, formulas + " formulas");
  }

  /** And it computes: with another figure in a step of the plan, the sums follow. */
  @Test
  void libreOfficeFollowsAChangedStep() throws Exception {
    Map<String, Xlsx.Cell> plan = book.sheets().get("Plan").cells();
    String before = "<c r=\"L2\"";
    String sheet = book.parts().get("xl/worksheets/sheet3.xml");
    int from = sheet.indexOf("<v>", sheet.indexOf(before)) + "<v>".length();
    String other =
        sheet.substring(0, from) + "1000000" + sheet.substring(sheet.indexOf("</v>", from));
    Path changed = folder.resolve("changed.xlsx");
    try (OutputStream out = Files.newOutputStream(changed);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> part : book.parts().entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        String text = part.getKey().endsWith("sheet3.xml") ? other : part.getValue();
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    Map<String, List<List<String>>> computed = computed(changed, "changed");
    double more = 1_000_000 - Double.parseDouble(plan.get("L2").value());
    String total = "L" + (book.sheets().get("Plan").rows().size() + 1);
    assertEquals(
        Double.parseDouble(plan.get(total).value()) + more,
        number(computed.get("Plan"), total),
        1e-6);
    List<String> said =
        computed.get("Summary").stream()
            .filter(line -> line.get(0).startsWith("the plan saves a month"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Double.parseDouble(plan.get(total).value()) + more, Double.parseDouble(said.get(1)), 1e-6);
  }

  private static double number(List<List<String>> sheet, String cell) {
    String value = at(sheet, cell);
    return value.endsWith("%")
        ? Double.parseDouble(value.replace("%", "")) / 100
        : Double.parseDouble(value);
  }

  private static String at(List<List<String>> sheet, String cell) {
    int column = 0;
    for (char letter : cell.replaceAll("[0-9]", "").toCharArray()) {
      column = 26 * column + letter - 'A' + 1;
    }
    return sheet.get(Integer.parseInt(cell.replaceAll("[A-Z]", "")) - 1).get(column - 1);
  }

  /** What LibreOffice makes of a workbook: the values of every sheet, as CSV without formats. */
  private static Map<String, List<List<String>>> computed(Path xlsx, String name)
      throws IOException, InterruptedException {
    Path office = office();
    Path out = Files.createDirectories(folder.resolve("office-" + name));
    Path user = Files.createDirectories(folder.resolve("profile/user"));
    Files.writeString(user.resolve("registrymodifications.xcu"), ALWAYS_COMPUTE);
    Process process =
        new ProcessBuilder(
                office.toString(),
                "-env:UserInstallation=" + folder.resolve("profile").toUri(),
                "--headless",
                "--convert-to",
                // Comma, double quote, UTF-8, all sheets, values as they are and not as shown.
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
                "--outdir",
                out.toString(),
                xlsx.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.resolve("log").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> name);
    Map<String, List<List<String>>> sheets = new LinkedHashMap<>();
    for (String sheet : SHEETS) {
      String base = xlsx.getFileName().toString().replace(".xlsx", "");
      sheets.put(sheet, Tables.lines(out.resolve(base + "-" + sheet + ".csv")));
    }
    return sheets;
  }

  private static Path office() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(java.io.File.pathSeparator))
        .flatMap(place -> Stream.of(Path.of(place, "soffice"), Path.of(place, "libreoffice")))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(
            () -> {
              Assumptions.abort("LibreOffice is not here (Debian: libreoffice-calc-nogui)");
              return null;
            });
  }
}
