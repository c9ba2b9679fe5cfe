package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.formats.records.Rejection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files in envelopes: nothing escapes, nothing hangs, every line or item is accounted for,
 * and nothing private is shown. Damage falls on what is around the records as often as on them.
 */
final class EnvelopeFuzzTest {
  private static final long SEED = 20_261_129;
  private static final int RECORDS = 8_000;

  /** Records of every other format. */
  private static final int OF_EACH = 400;

  private static final int A_FILE = 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String[] PRIVATE = {
    "someone", "secret", "a prompt", "an answer", "10.0.0.1", "a@b"
  };

  private enum Wrapping {
    EVENTS(Envelope.Kind.DOCUMENT, "events/message", "{\"events\":[", ",\n", "]}"),
    DOCKER(Envelope.Kind.LINES, "log", "", "\n", "\n"),
    BATCHES(Envelope.Kind.LINES, "logEvents/message", "", "\n", "\n"),
    EXPORT_TASK(Envelope.Kind.PREFIXED_LINES, "", "", "\n", "\n"),
    COLUMN(Envelope.Kind.TABLE, "@message", "@timestamp,@message\n", "\n", "\n"),
    COPY(Envelope.Kind.COPY, "data", "COPY t (id, data) FROM stdin;\n", "\n", "\n\\.\n"),
    INSERTS(
        Envelope.Kind.INSERTS,
        "data",
        "CREATE TABLE t (id integer, data text);\n",
        "\n",
        "\n-- done\n"),
    LOG_ANALYTICS(
        Envelope.Kind.JSON_TABLE,
        "Message",
        "{\"tables\":[{\"columns\":[{\"name\":\"Message\"}],\"rows\":[",
        ",\n",
        "]}]}"),
    BIGQUERY(
        Envelope.Kind.JSON_TABLE,
        "textPayload",
        "{\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"INTEGER\"},"
            + "{\"name\":\"textPayload\",\"type\":\"STRING\"}]},\"rows\":[",
        ",\n",
        "]}"),
    LAMBDA(Envelope.Kind.LINES, "awslogs/data/logEvents/message", "", "\n", "\n"),
    NODE(Envelope.Kind.NODE_TEXT, "", "Listening\n", "\n", "\n");

    private final Envelope envelope;
    private final String before;
    private final String between;
    private final String after;

    Wrapping(Envelope.Kind kind, String path, String before, String between, String after) {
      List<String> keys = path.isEmpty() ? List.of() : List.of(path.split("/"));
      this.envelope = new Envelope(kind, keys, kind == Envelope.Kind.DOCUMENT ? 1 : 0, ',');
      this.before = before;
      this.between = between;
      this.after = after;
    }

    String around(String record) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      return switch (this) {
        case EVENTS -> object.put("eventId", "7").put("message", record).toString();
        case DOCKER -> object.put("log", record + "\n").put("stream", "stdout").toString();
        case BATCHES -> {
          object.withArray("logEvents").addObject().put("id", "1").put("message", record);
          yield object.put("messageType", "DATA_MESSAGE").toString();
        }
        case EXPORT_TASK -> "2026-02-03T09:00:00.000Z " + record;
        case COLUMN -> "2026-02-03 09:00:00.000,\"" + record.replace("\"", "\"\"") + '"';
        case COPY -> "1\t" + record.replace("\\", "\\\\");
        case INSERTS -> "INSERT INTO t VALUES (1, '" + record.replace("'", "''") + "');";
        case LOG_ANALYTICS -> JsonNodeFactory.instance.arrayNode().add(record).toString();
        case BIGQUERY -> {
          object.withArray("f").addObject().put("v", "7");
          object.withArray("f").addObject().put("v", record);
          yield object.toString();
        }
        case LAMBDA -> dev.homeward.formats.Wrapping.LAMBDA_EVENTS.file(List.of(record));
        case NODE -> node(record);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Wrapping.class)
  void everyDamagedRecordInAnEnvelopeIsAccountedFor(Wrapping wrapping) {
    long seed = SEED + wrapping.ordinal();
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (LogFormat format : LogFormat.values()) {
            if (format.framing() == LogFormat.Framing.JSON && !format.isMapped()) {
              boolean main = format == LogFormat.BEDROCK || format == LogFormat.LITELLM_SPENDLOGS;
              long found = damaged(wrapping, format, seed, main ? RECORDS : OF_EACH);
              // Damage ends a table of JSON: of a format with few calls none may stand before it.
              assertTrue(
                  found > 0 || !main && wrapping.envelope.kind() == Envelope.Kind.JSON_TABLE,
                  "some survive: " + wrapping + " of " + format);
            }
          }
        },
        "seed " + seed);
  }

  private static long damaged(Wrapping wrapping, LogFormat format, long seed, int most) {
    Mutator mutator = new Mutator(seed);
    Random random = new Random(seed);
    String[] records = new String(Reading.golden(format), StandardCharsets.UTF_8).split("\n");
    long found = 0;
    for (int mutants = 0; mutants < most; mutants += A_FILE) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes(wrapping.before.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < A_FILE; i++) {
        byte[] record =
            wrapping
                .around(records[random.nextInt(records.length)])
                .getBytes(StandardCharsets.UTF_8);
        file.writeBytes(i == 0 ? new byte[0] : wrapping.between.getBytes(StandardCharsets.UTF_8));
        file.writeBytes(random.nextInt(4) == 0 ? record : mutator.mutate(record));
      }
      file.writeBytes(wrapping.after.getBytes(StandardCharsets.UTF_8));
      byte[] bytes = file.toByteArray();
      if (mutants % 400 == 0) {
        // Telling the format of a damaged file must end too.
        FormatDetection.detect(bytes, Math.min(bytes.length, FormatDetection.HEAD_BYTES));
      }
      Reading reading = new Reading();
      Detecting.read(
          new FormatDetection.Detected(Optional.of(format), wrapping.envelope, "", ""),
          bytes,
          Reading.GIVEN,
          reading);
      String where =
          "%s of %s, seed %d, after %d".formatted(wrapping, format.word(), seed, mutants);
      switch (wrapping.envelope.kind()) {
        case LINES, PREFIXED_LINES, TABLE, INSERTS ->
            assertTrue(reading.records() >= lines(bytes), where);
        case COPY -> {
          // A record of others may hold several calls.
          assertTrue(reading.records() >= lines(bytes), where);
          assertTrue(most != RECORDS || lines(bytes) == reading.records(), where);
        }
        default -> assertTrue(reading.records() > 0, where);
      }
      found += reading.calls.size() + reading.buckets.size();
      reading.rejections.forEach(rejection -> isSafe(rejection, where));
    }
    return found;
  }

  /** JSON as Node.js prints it: keys without quotes, texts in single ones. */
  private static String node(String record) {
    return record
        .replaceFirst("\\{", "{\n  ")
        .replaceAll("\"([A-Za-z_][A-Za-z0-9_]*)\":", "$1: ")
        .replace("null", "undefined");
  }

  private static void isSafe(Rejection rejection, String where) {
    String shown = rejection.detail() + rejection.sample();
    for (String secret : PRIVATE) {
      assertFalse(shown.contains(secret), where + ": " + shown);
    }
  }

  private static long lines(byte[] bytes) {
    long lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }
}
