package dev.homeward.logs;

import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.formats.Envelope;
import dev.homeward.formats.FormatDetection;
import dev.homeward.formats.FormatDetection.Detected;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.OwnTable;
import dev.homeward.formats.ParquetLog;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.logs.LogFiles.NamedEntry;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks at the beginning of a file: whether it is a log, and of which format. */
final class FileLook {
  /** Requests and answers that Bedrock keeps beside its log, because they are large. */
  private static final Pattern BODY =
      Pattern.compile("(?:.*/)?data/[^/]*_(?:input|output)\\.json(?:\\.gz)?");

  /** What tools answered to Claude Code: it may be anything, a log of others too. */
  private static final Pattern TOOL_RESULT = Pattern.compile("(?:.*/)?tool-results/.*");

  /** What Codex notes of its own work, answers of the API among it, beside its sessions. */
  private static final Pattern NOTES = Pattern.compile("(?:.*/)?codex-tui\\.log");

  /** Of the beginning and of the end of a file, from which the key of its sessions is made. */
  private static final int SECRET_BYTES = 1 << 16;

  private final Files storage;
  private final Optional<LogFormat> format;
  private final boolean hashed;
  private final OwnTables tables;

  /**
   * @param format the format of all files; empty: told by content
   * @param tables how tables of one's own are read
   * @param hashed whether the SHA-256 of each is wanted
   */
  FileLook(Files storage, Optional<LogFormat> format, OwnTables tables, boolean hashed) {
    this.storage = storage;
    this.tables = tables;
    this.format = format;
    this.hashed = hashed;
  }

  /** A log, or none. */
  record Seen(Optional<LogFile> log, Optional<StrayFile> stray) {
    static Seen stray(NamedEntry file, String why) {
      return new Seen(Optional.empty(), Optional.of(new StrayFile(file.name(), why)));
    }
  }

  /**
   * What a file is.
   *
   * @throws InvalidInput if it cannot be read, or the user names it and it is no log
   */
  Seen at(NamedEntry file) throws IOException {
    Optional<String> beside = file.named() ? Optional.empty() : beside(file.name());
    if (beside.isPresent()) {
      return Seen.stray(file, beside.get());
    }
    String path = file.entry().path();
    byte[] start = head(path, Compression.NONE, SECRET_BYTES);
    Compression compression = Compression.of(start);
    byte[] head = head(path, compression, FormatDetection.HEAD_BYTES);
    Detected detected = detected(file, compression, head);
    Optional<OwnTables.Told> own = own(file, compression, head, detected);
    if (own.isPresent()) {
      OwnTables.Told told = own.get();
      return seen(
          file, start, compression, told.format(), told.envelope(), told.why(), told.mapping());
    }
    if (detected.format().isEmpty() && !file.named()) {
      return Seen.stray(file, detected.why());
    }
    LogFormat found =
        detected.format().orElseThrow(() -> new InvalidInput(unknown(path, detected)));
    return seen(file, start, compression, found, detected.envelope(), detected.why(), "");
  }

  private Seen seen(
      NamedEntry file,
      byte[] start,
      Compression compression,
      LogFormat format,
      Envelope envelope,
      String why,
      String mapping)
      throws IOException {
    String path = file.entry().path();
    return new Seen(
        Optional.of(
            new LogFile(
                path,
                file.name(),
                file.entry().bytes(),
                hashed ? sha256(path) : "",
                secret(path, start, file.entry().bytes()),
                compression,
                format.word(),
                envelope,
                why,
                mapping)),
        Optional.empty());
  }

  /** What a file is that stands beside a log and would count its calls again. */
  private static Optional<String> beside(String name) {
    if (BODY.matcher(name).matches()) {
      return Optional.of("a request or an answer that Bedrock keeps beside its log");
    }
    if (TOOL_RESULT.matcher(name).matches()) {
      return Optional.of("what a tool answered to Claude Code");
    }
    return NOTES.matcher(name).matches()
        ? Optional.of("what Codex notes beside its sessions")
        : Optional.empty();
  }

  /**
   * How a table of one's own is read; empty if the file is none, or of a format that is known and
   * that no mapping of the user takes for its own.
   */
  private Optional<OwnTables.Told> own(
      NamedEntry file, Compression compression, byte[] head, Detected detected) throws IOException {
    boolean mapped = format.isPresent() && format.get().isMapped();
    boolean isTold = detected.format().isPresent() && !mapped;
    boolean canonical =
        format.isEmpty() && detected.format().filter(LogFormat::isCanonical).isPresent();
    if (format.isPresent() && !mapped || isTold && !canonical && tables.mappings().isEmpty()) {
      return Optional.empty();
    }
    String name = storage.plain(file.entry().path());
    OwnTable table;
    try {
      table = table(file, compression, head);
    } catch (InvalidInput e) {
      if (!isTold) {
        throw e;
      }
      // Whoever reads it says where it is damaged.
      return Optional.empty();
    }
    boolean known = isTold && !(canonical && table.isCanonicalByChance());
    Optional<OwnTables.Told> told = tables.given(table);
    // In a folder a document of JSON may be anything: only a named one is told by its keys.
    boolean looked = file.named() || table.isRows();
    if (told.isPresent() || known || !looked) {
      return told;
    }
    told = tables.derived(table, name);
    if (told.isEmpty() && file.named()) {
      tables.explain(table, name);
      Optional<String> questions = tables.questions(table, name);
      if (questions.isPresent()) {
        throw new InvalidInput(questions.get());
      }
    }
    return told;
  }

  private OwnTable table(NamedEntry file, Compression compression, byte[] head) {
    boolean parquet =
        compression == Compression.NONE && FormatDetection.isParquet(head, head.length);
    if (!parquet) {
      return OwnTable.of(head);
    }
    try {
      return OwnTable.of(storage.parquetInput(file.entry().path()));
    } catch (IOException | RuntimeException e) {
      throw damagedParquet(file.name(), e);
    }
  }

  /** What the columns of a file say of themselves; empty if its format is known. */
  Optional<TableReading> reading(NamedEntry file) throws IOException {
    String path = file.entry().path();
    byte[] start = head(path, Compression.NONE, Compression.HEAD_BYTES);
    Compression compression = Compression.of(start);
    byte[] head = head(path, compression, FormatDetection.HEAD_BYTES);
    Optional<LogFormat> known = detected(file, compression, head).format();
    if (known.isPresent() && !known.get().isCanonical()) {
      return Optional.empty();
    }
    OwnTable table = table(file, compression, head);
    return known.isEmpty() || table.isCanonicalByChance()
        ? table.reading(tables.modelGiven())
        : Optional.empty();
  }

  private Detected detected(NamedEntry file, Compression compression, byte[] head) {
    boolean parquet = FormatDetection.isParquet(head, head.length);
    if (parquet && compression == Compression.NONE) {
      return columns(file.entry().path(), file.name());
    }
    if (parquet) {
      return FormatDetection.refused(
          "it is Parquet inside of %s; unpack it once".formatted(compression.word()));
    }
    if (format.isEmpty()) {
      return FormatDetection.detect(head, head.length);
    }
    Envelope envelope = FormatDetection.envelope(head, head.length, format.get());
    return new Detected(format, envelope, "given by --format", "");
  }

  private Detected columns(String path, String name) {
    try {
      Detected told =
          ParquetLog.detect(
              storage.parquetInput(path), format.map(List::of).orElse(List.of(LogFormat.values())));
      return format.isEmpty()
          ? told
          : new Detected(format, ParquetLog.envelope(told), "given by --format", "");
    } catch (IOException | RuntimeException e) {
      throw damagedParquet(name, e);
    }
  }

  private static InvalidInput damagedParquet(String name, Exception e) {
    return new InvalidInput(
        "Cannot read %s to its end: its Parquet data is truncated or damaged (%s)"
            .formatted(name, e.getMessage()),
        e);
  }

  private String unknown(String path, Detected detected) {
    String advice = detected.advice().isEmpty() ? "" : ". " + detected.advice();
    return "Cannot tell the format of %s: %s%s"
        .formatted(storage.plain(path), detected.why(), advice);
  }

  private byte[] head(String path, Compression compression, int bytes) {
    try (InputStream in = storage.open(path, compression, 0)) {
      return in.readNBytes(bytes);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new InvalidInput(
          compression == Compression.NONE
              ? "Cannot read %s: %s".formatted(storage.plain(path), why)
              : "Cannot read %s: its %s data is truncated or damaged (%s)"
                  .formatted(path, compression.word(), why),
          e);
    }
  }

  /** A hash of a file's size, beginning and end: who does not have the file cannot know it. */
  private String secret(String path, byte[] start, long bytes) throws IOException {
    MessageDigest digest = sha256();
    digest.update(
        "homeward: key of sessions\n%d\n".formatted(bytes).getBytes(StandardCharsets.UTF_8));
    digest.update(start);
    long rest = bytes - SECRET_BYTES;
    if (rest > 0) {
      try (InputStream in =
          storage.open(path, Compression.NONE, Math.max(SECRET_BYTES, bytes - SECRET_BYTES))) {
        digest.update(in.readNBytes(SECRET_BYTES));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String sha256(String path) throws IOException {
    try (InputStream in = storage.open(path, Compression.NONE, 0)) {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
