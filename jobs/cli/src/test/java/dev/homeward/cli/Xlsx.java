package dev.homeward.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A workbook read with nothing but a ZIP file and an XML parser. */
final class Xlsx {
  /**
   * A cell.
   *
   * @param type as the file has it: s for a text, n for a number, empty for a formula
   * @param formula empty where there is none
   * @param value text, or number as the file has it
   * @param format pattern of its numbers; empty for General
   */
  record Cell(String type, String formula, String value, String format) {}

  /** Cells by name, such as B7. */
  record Sheet(Map<String, Cell> cells, Document xml, List<String> notes) {
    /** The rows below the header by the header's names; empty cells are left out. */
    List<Map<String, Cell>> rows() {
      Map<Integer, Map<String, Cell>> rows = new TreeMap<>();
      Map<String, String> head = new LinkedHashMap<>();
      cells.forEach(
          (name, cell) -> {
            String column = name.replaceAll("[0-9]", "");
            int row = Integer.parseInt(name.replaceAll("[A-Z]", ""));
            if (row == 1) {
              head.put(column, cell.value());
            } else {
              rows.computeIfAbsent(row, r -> new LinkedHashMap<>()).put(head.get(column), cell);
            }
          });
      return new ArrayList<>(rows.values());
    }
  }

  private final Map<String, String> parts = new TreeMap<>();
  private final Map<String, Sheet> sheets = new LinkedHashMap<>();

  Xlsx(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (var entry : java.util.Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          parts.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    List<String> texts = texts();
    List<String> formats = formats();
    NodeList names = xml("xl/workbook.xml").getElementsByTagName("sheet");
    for (int i = 0; i < names.getLength(); i++) {
      sheets.put(((Element) names.item(i)).getAttribute("name"), sheet(i + 1, texts, formats));
    }
  }

  Map<String, Sheet> sheets() {
    return sheets;
  }

  Map<String, String> parts() {
    return parts;
  }

  private Sheet sheet(int number, List<String> texts, List<String> formats) throws IOException {
    Document xml = xml("xl/worksheets/sheet%d.xml".formatted(number));
    Map<String, Cell> cells = new LinkedHashMap<>();
    NodeList all = xml.getElementsByTagName("c");
    for (int i = 0; i < all.getLength(); i++) {
      Element c = (Element) all.item(i);
      String value = text(c, "v");
      String formula = text(c, "f");
      if (value.isEmpty() && formula.isEmpty()) {
        continue;
      }
      String type = c.getAttribute("t");
      String style = c.getAttribute("s");
      cells.put(
          c.getAttribute("r"),
          new Cell(
              type,
              formula,
              type.equals("s") ? texts.get(Integer.parseInt(value)) : value,
              style.isEmpty() ? "" : formats.get(Integer.parseInt(style))));
    }
    List<String> notes = new ArrayList<>();
    NodeList comments = xml("xl/comments%d.xml".formatted(number)).getElementsByTagName("comment");
    for (int i = 0; i < comments.getLength(); i++) {
      notes.add(comments.item(i).getTextContent());
    }
    return new Sheet(cells, xml, notes);
  }

  private static String text(Element of, String tag) {
    NodeList found = of.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }

  private List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    NodeList all = xml("xl/sharedStrings.xml").getElementsByTagName("si");
    for (int i = 0; i < all.getLength(); i++) {
      texts.add(all.item(i).getTextContent());
    }
    return texts;
  }

  private List<String> formats() throws IOException {
    Document styles = xml("xl/styles.xml");
    Map<String, String> patterns = new TreeMap<>();
    NodeList numbers = styles.getElementsByTagName("numFmt");
    for (int i = 0; i < numbers.getLength(); i++) {
      Element n = (Element) numbers.item(i);
      patterns.put(n.getAttribute("numFmtId"), n.getAttribute("formatCode"));
    }
    List<String> formats = new ArrayList<>();
    Element of = (Element) styles.getElementsByTagName("cellXfs").item(0);
    NodeList all = of.getElementsByTagName("xf");
    for (int i = 0; i < all.getLength(); i++) {
      formats.add(patterns.getOrDefault(((Element) all.item(i)).getAttribute("numFmtId"), ""));
    }
    return formats;
  }

  private Document xml(String part) throws IOException {
    try (InputStream in =
        new java.io.ByteArrayInputStream(parts.get(part).getBytes(StandardCharsets.UTF_8))) {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      return builder.parse(in);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("Cannot read " + part, e);
    }
  }
}
