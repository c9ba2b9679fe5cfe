package dev.homeward.workbook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * What the library leaves to be done on a workbook: the day it was made does not stand in it, so
 * that the same review gives the same bytes, and what a formula comes to stands beside it, for
 * programs that read workbooks without computing them.
 */
final class Finished {
  /**
   * Not the first moment that a ZIP file can name: that one is written with the zone of the
   * machine.
   */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private static final Pattern CREATED = Pattern.compile("<dcterms:created.*?</dcterms:created>");
  private static final Pattern FORMULA = Pattern.compile("<c r=\"([A-Z]+\\d+)\"[^>]*><f>[^<]*</f>");

  /** By sheet, then by cell. */
  private final Map<Integer, Map<String, Double>> values = new TreeMap<>();

  /**
   * Remembers what a formula comes to.
   *
   * @param sheet from 1
   */
  void computed(int sheet, String cell, double value) {
    values.computeIfAbsent(sheet, s -> new LinkedHashMap<>()).put(cell, value);
  }

  /**
   * The workbook as it is handed out.
   *
   * @param written as the library wrote it: only by its directory, at the end, can such a ZIP file
   *     be read, not as a stream
   */
  byte[] of(Path written) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipFile in = new ZipFile(written.toFile());
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTimeLocal(NO_TIME);
        out.putNextEntry(same);
        try (InputStream part = in.getInputStream(entry)) {
          out.write(part(entry.getName(), part.readAllBytes()));
        }
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private byte[] part(String name, byte[] bytes) {
    if (name.equals("docProps/core.xml")) {
      return replaced(bytes, CREATED.matcher(text(bytes)).replaceAll(""));
    }
    for (Map.Entry<Integer, Map<String, Double>> sheet : values.entrySet()) {
      if (name.equals("xl/worksheets/sheet" + sheet.getKey() + ".xml")) {
        return withValues(name, text(bytes), sheet.getValue());
      }
    }
    return bytes;
  }

  private static byte[] withValues(String name, String xml, Map<String, Double> byCell) {
    StringBuilder with = new StringBuilder(xml.length() + 32 * byCell.size());
    Matcher formula = FORMULA.matcher(xml);
    int at = 0;
    int found = 0;
    while (formula.find()) {
      Double value = byCell.get(formula.group(1));
      if (value == null) {
        throw new IllegalStateException(
            "%s: nobody said what %s comes to".formatted(name, formula.group(1)));
      }
      with.append(xml, at, formula.end()).append("<v>").append(value.doubleValue()).append("</v>");
      at = formula.end();
      found++;
    }
    if (found != byCell.size()) {
      throw new IllegalStateException(
          "%s: %d formulas found, %d written".formatted(name, found, byCell.size()));
    }
    return with.append(xml, at, xml.length()).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] before, String after) {
    byte[] bytes = after.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == before.length) {
      throw new IllegalStateException("The workbook does not say when it was made");
    }
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
