package dev.homeward.formats;

import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.formats.scan.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.InputFile;

/**
 * A file that may be a table of one's own: CSV with any separator, JSON or Parquet whose columns no
 * known format has.
 */
public final class OwnTable {
  private static final List<String> CANONICAL_MODELS =
      List.of("request_model", "response_model", "hosted_model");

  private final byte[] head;
  private final int length;
  private final boolean whole;
  private final boolean isParquet;

  private OwnTable(byte[] head, int length, boolean whole, boolean isParquet) {
    this.head = head;
    this.length = length;
    this.whole = whole;
    this.isParquet = isParquet;
  }

  /** A file of text that begins with these bytes; they are all of it if it is shorter. */
  public static OwnTable of(byte[] head) {
    return new OwnTable(head, head.length, head.length < FormatDetection.HEAD_BYTES, false);
  }

  /**
   * A file of Parquet.
   *
   * @throws IOException or a RuntimeException of Parquet if the file is damaged
   */
  public static OwnTable of(InputFile parquet) throws IOException {
    byte[] rows = ParquetLog.firstRows(parquet);
    return new OwnTable(rows, rows.length, true, true);
  }

  private boolean isJson() {
    int at = LineReader.afterBom(head, 0, length);
    while (at < length && head[at] >= 0 && head[at] <= ' ') {
      at++;
    }
    return at < length && (head[at] == '{' || head[at] == '[');
  }

  /** Whether it is CSV, Parquet, or JSON with an object a line. */
  public boolean isRows() {
    return isParquet || !isJson() || isLines();
  }

  /**
   * Whether a table that begins as canonical records do is none: its model stands in a column of
   * another name, so that not one record of it could be read.
   */
  public boolean isCanonicalByChance() {
    String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
    return CANONICAL_MODELS.stream().noneMatch(text::contains)
        && reading(true).filter(TableReading::namesModel).isPresent();
  }

  private boolean isText() {
    return length > 0 && NotText.why(head, length).isEmpty();
  }

  /**
   * What its columns say of themselves; empty if it is no table of calls.
   *
   * @param modelGiven whether the command line names the model
   */
  public Optional<TableReading> reading(boolean modelGiven) {
    if (!isText()) {
      return Optional.empty();
    }
    return isJson()
        ? TableReading.ofJson(head, length, isParquet || isLines(), modelGiven)
        : TableReading.ofCsv(head, length, separator(), whole, modelGiven);
  }

  private boolean isLines() {
    return FormatDetection.layout(head, length) == JsonLayout.LINES;
  }

  private char separator() {
    return FormatDetection.envelope(head, length, LogFormat.MAPPED_CSV).separator();
  }

  /**
   * The columns that the mapping needs and that the file does not have; empty if the mapping reads
   * the file.
   */
  public List<String> missing(Mapping mapping) {
    return isText()
        ? TableReading.missing(mapping, head, length, isJson(), separator(mapping))
        : mapping.columnNames();
  }

  private char separator(Mapping mapping) {
    return isJson() ? ',' : mapping.separator().orElseGet(this::separator);
  }

  /** The format in which the file is read by a mapping. */
  public LogFormat format() {
    return isJson() ? LogFormat.MAPPED_JSON : LogFormat.MAPPED_CSV;
  }

  /** How its records stand in it. */
  public Envelope envelope(Mapping mapping) {
    if (isParquet) {
      return Envelope.of(Envelope.Kind.PARQUET);
    }
    if (!isJson()) {
      return Envelope.table(separator(mapping));
    }
    if (mapping.records().isEmpty()) {
      return Envelope.of(isLines() ? JsonLayout.LINES : JsonLayout.DOCUMENT);
    }
    List<String> path = List.of(mapping.records().split("/"));
    return new Envelope(Envelope.Kind.DOCUMENT, path, path.size(), ',');
  }
}
