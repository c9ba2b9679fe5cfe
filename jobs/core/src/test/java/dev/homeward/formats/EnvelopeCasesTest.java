package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.calls.CallDraft;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as the tools that fetch logs write them, with sums worked out by hand. */
final class EnvelopeCasesTest {
  @ParameterizedTest
  @CsvSource({
    "envelope-apim-portal-csv, input.csv, apim-llm-log-csv",
    "envelope-bedrock-cwl-export-task, input.log, bedrock",
    "envelope-bedrock-filter-log-events, input.json, bedrock",
    "envelope-litellm-ui-page, input.json, litellm-spendlogs",
    "envelope-otlp-tempo-batches, input.json, otlp",
    "text-litellm-tsv, input.tsv, litellm-spendlogs-csv",
    "claude-lines-without-type, input.jsonl, claude-code"
  })
  void comesToTheSumsOfItsCase(String name, String file, String format) throws IOException {
    Detecting read = Detecting.of(resource(name + "/" + file), Reading.NOTHING_GIVEN);
    assertEquals(format, read.detected.format().orElseThrow().word());
    check(name, read.reading);
  }

  @Test
  void aTableInParquetComesToTheSumsOfItsCase() throws IOException {
    InputFile file = parquet(resource("parquet-litellm/input.parquet"));
    FormatDetection.Detected detected = ParquetLog.detect(file);
    assertEquals("litellm-spendlogs", detected.format().orElseThrow().word());
    Reading reading = new Reading();
    ParquetLog.read(
        detected.format().get(), detected.envelope(), file, Reading.NOTHING_GIVEN, reading);
    check("parquet-litellm", reading);
  }

  @Test
  void theMessageForJsonOverSeveralLinesNamesItsKeys() throws IOException {
    byte[] bytes = resource("message-pretty-json/input.json");
    FormatDetection.Detected detected = FormatDetection.detect(bytes, bytes.length);
    if (detected.format().isPresent()) {
      // Spans of the console are a format of their own: then there is nothing to refuse.
      return;
    }
    String keys =
        "JSON with the keys name, context, kind, parent_id, start_time, end_time, … is no";
    assertEquals(keys, detected.why().substring(0, keys.length()));
  }

  static void check(String name, Reading reading) throws IOException {
    assertEquals(List.of(), reading.rejections);
    JsonNode expected = new JsonMapper().readTree(resource(name + "/expected.json"));
    long[] sums = new long[5];
    for (CallDraft call : reading.calls) {
      sums[0] += call.inputTokens;
      sums[1] += Math.max(call.cacheReadTokens, 0);
      sums[2] += Math.max(call.cacheWrite5mTokens, 0);
      sums[3] += Math.max(call.cacheWrite1hTokens, 0);
      sums[4] += call.outputTokens;
    }
    assertEquals(expected.get("calls").asInt(), reading.calls.size());
    String[] columns = {
      "input_tokens",
      "cache_read_tokens",
      "cache_write_5m_tokens",
      "cache_write_1h_tokens",
      "output_tokens"
    };
    for (int i = 0; i < columns.length; i++) {
      assertEquals(expected.get(columns[i]).asLong(), sums[i], name + " " + columns[i]);
    }
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = EnvelopeCasesTest.class.getResourceAsStream("/cases/" + name)) {
      if (in == null) {
        throw new AssertionError("no file src/test/resources/cases/" + name);
      }
      return in.readAllBytes();
    }
  }

  /** Parquet in memory. */
  static InputFile parquet(byte[] bytes) {
    return new InputFile() {
      @Override
      public long getLength() {
        return bytes.length;
      }

      @Override
      public SeekableInputStream newStream() {
        Bytes in = new Bytes(bytes);
        return new DelegatingSeekableInputStream(in) {
          @Override
          public long getPos() {
            return in.at();
          }

          @Override
          public void seek(long place) {
            in.seek(place);
          }
        };
      }
    };
  }

  private static final class Bytes extends java.io.ByteArrayInputStream {
    Bytes(byte[] bytes) {
      super(bytes);
    }

    long at() {
      return pos;
    }

    void seek(long place) {
      pos = Math.toIntExact(place);
    }
  }
}
