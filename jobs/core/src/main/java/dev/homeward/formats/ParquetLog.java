package dev.homeward.formats;

import dev.homeward.formats.records.AdaptedRows;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.JsonBytes;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/**
 * A log in a Parquet file: canonical records with flat columns, or the table of any other format,
 * which its columns tell. Each row goes through the format's adapter as the JSON object, or the
 * record of CSV, that it stands for, so that the two cannot differ.
 *
 * <p>Of canonical records {@code started_at} may also be a Parquet timestamp (INT64, or INT96 as
 * Spark writes by default), {@code logged_usd} a DECIMAL; {@code tags} and {@code metadata} are
 * JSON in a text column. Tables of others may be nested, and hold JSON in texts.
 */
public final class ParquetLog {
  private static final int ROWS_LOOKED_AT = 20;
  private static final int SAMPLED_ROWS = 200;
  private static final int DEEPEST_NAME = 4;

  private ParquetLog() {}

  /** Reads all rows of canonical records; the line of a row is its number, from 1. */
  public static void read(InputFile file, ReadContext context, Sink sink) throws IOException {
    read(LogFormat.CANONICAL_PARQUET, Envelope.of(Envelope.Kind.PARQUET), file, context, sink);
  }

  /**
   * Reads all rows; the line of a row is its number, from 1.
   *
   * @throws IOException or a RuntimeException of Parquet if the file is damaged
   */
  public static void read(
      LogFormat format, Envelope envelope, InputFile file, ReadContext context, Sink sink)
      throws IOException {
    Rows rows =
        format.framing() == LogFormat.Framing.CSV
            ? csv(format, context, sink)
            : json(format, envelope, context, sink);
    long row = 0;
    try (ParquetReader<Group> reader = open(file)) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        row++;
        try {
          rows.take(group, row);
        } catch (RejectedRecord e) {
          sink.rejected(new Rejection(e.reason(), row, e.getMessage(), Samples.ofLength(0)));
        }
      }
    }
  }

  private interface Rows {
    void take(Group row, long line) throws IOException, RejectedRecord;
  }

  private static Rows json(LogFormat format, Envelope envelope, ReadContext context, Sink sink) {
    RecordReader records = new RecordReader(format, context, sink);
    boolean canonical = format == LogFormat.CANONICAL_PARQUET;
    JsonBytes json = new JsonBytes();
    if (envelope.path().isEmpty()) {
      return (row, line) -> {
        json.clear();
        if (canonical) {
          ParquetValues.canonical(row, json);
        } else {
          ParquetValues.object(row, json);
        }
        records.read(json.bytes(), 0, json.length(), line);
      };
    }
    Unwrapper unwrapper = new Unwrapper(records, sink, envelope.path());
    return (row, line) -> {
      json.clear();
      ParquetValues.object(row, json);
      unwrapper.read(json.bytes(), 0, json.length(), line);
    };
  }

  private static Rows csv(LogFormat format, ReadContext context, Sink sink) {
    AdaptedRows adapted = new AdaptedRows(format.csvAdapter(context), sink);
    CsvRecord record = new CsvRecord();
    JsonBytes json = new JsonBytes();
    return new Rows() {
      private boolean named;

      @Override
      public void take(Group row, long line) throws IOException, RejectedRecord {
        if (!named) {
          adapted.header(
              row.getType().getFields().stream().map(Type::getName).toArray(String[]::new));
          named = true;
        }
        record.clear();
        for (int f = 0; f < row.getType().getFieldCount(); f++) {
          json.clear();
          record.add(ParquetValues.text(row, f, json));
        }
        adapted.row(record, line, 0);
      }
    };
  }

  /** How records of a format that the user names stand in a file of which this was told. */
  public static Envelope envelope(FormatDetection.Detected told) {
    return told.format().isPresent() ? told.envelope() : Envelope.of(Envelope.Kind.PARQUET);
  }

  /**
   * The format of a Parquet file, told by its columns, or by JSON in one of them.
   *
   * @throws IOException or a RuntimeException of Parquet if the file is damaged
   */
  public static FormatDetection.Detected detect(InputFile file) throws IOException {
    return detect(file, List.of(LogFormat.values()));
  }

  /** The same, where only these formats are asked for. */
  public static FormatDetection.Detected detect(InputFile file, List<LogFormat> formats)
      throws IOException {
    Candidates candidates = new Candidates(formats);
    Set<String> names = new LinkedHashSet<>();
    Set<String> columns = new LinkedHashSet<>();
    JsonBytes json = new JsonBytes();
    try (ParquetReader<Group> reader = open(file)) {
      for (int row = 0; row < ROWS_LOOKED_AT; row++) {
        Group group = reader.read();
        if (group == null) {
          break;
        }
        if (row == 0) {
          names(group.getType(), "", 1, names);
          group.getType().getFields().forEach(field -> columns.add(field.getName()));
        }
        json.clear();
        try {
          ParquetValues.object(group, json);
        } catch (RejectedRecord e) {
          continue;
        }
        // JSON in a text has names that the columns do not tell.
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(HeadNames.of(json.bytes(), 0, json.length()).paths);
        Optional<FormatDetection.Detected> found =
            FormatDetection.ofColumns(all, candidates)
                .or(() -> FormatDetection.inRow(json.bytes(), json.length(), candidates));
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    return columns.isEmpty()
        ? FormatDetection.none("it is Parquet without a row", "")
        : FormatDetection.noneKnown(Candidates.unknownParquet(names, columns));
  }

  /** The first rows as JSON, one a line, for a look at what its columns hold. */
  static byte[] firstRows(InputFile file) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    JsonBytes json = new JsonBytes();
    try (ParquetReader<Group> reader = open(file)) {
      for (int row = 0; row < SAMPLED_ROWS && lines.size() < FormatDetection.HEAD_BYTES; row++) {
        Group group = reader.read();
        if (group == null) {
          break;
        }
        json.clear();
        try {
          ParquetValues.object(group, json);
        } catch (RejectedRecord e) {
          continue;
        }
        lines.write(json.bytes(), 0, json.length());
        lines.write('\n');
      }
    }
    return lines.toByteArray();
  }

  private static void names(GroupType type, String above, int depth, Set<String> names) {
    for (Type field : type.getFields()) {
      // Lists and maps have a level of their own that has no name in JSON.
      boolean plumbing =
          !field.isPrimitive() && field.isRepetition(Type.Repetition.REPEATED) && depth > 1;
      String path = plumbing ? above : above + field.getName();
      if (!plumbing) {
        names.add(path);
      }
      if (!field.isPrimitive() && depth < DEEPEST_NAME) {
        String prefix = plumbing ? above : path + "/";
        names(field.asGroupType(), prefix, depth + 1, names);
      }
    }
  }

  private static ParquetReader<Group> open(InputFile file) throws IOException {
    return new Builder(file).usePageChecksumVerification().build();
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
