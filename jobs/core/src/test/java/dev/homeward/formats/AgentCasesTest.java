package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small files of coding agents and gateways give the sums worked out by hand from their rules. */
final class AgentCasesTest {
  @ParameterizedTest
  @CsvSource({
    "agent-cursor-usage-csv, input.csv, CURSOR_USAGE_CSV",
    "agent-opencode-message, input.json, OPENCODE",
    "otlp-logs-claude-code, input.jsonl, OTLP_LOGS",
    "gateway-oneapi-logs, input.csv, ONEAPI_LOGS_CSV"
  })
  void theCaseHasItsSums(String name, String file, LogFormat format) throws IOException {
    byte[] bytes = resource(name, file);
    SharedCall.checkDetected(format, bytes);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);

    JsonNode expected = new ObjectMapper().readTree(resource(name, "expected.json"));
    Map<String, String> wanted = new TreeMap<>();
    Map<String, String> found = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      if (!field.getKey().equals("category")) {
        wanted.put(field.getKey(), plain(field.getValue().decimalValue()));
        found.put(field.getKey(), plain(sum(field.getKey(), reading.calls)));
      }
    }
    assertTrue(wanted.size() > 5, wanted.toString());
    assertEquals(wanted, found);
  }

  private static String plain(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }

  private static BigDecimal sum(String field, List<CallDraft> calls) {
    long sum = 0;
    for (CallDraft call : calls) {
      long value =
          switch (field) {
            case "calls" -> 1;
            case "input_tokens" -> call.inputTokens;
            case "cache_read_tokens" -> call.cacheReadTokens;
            case "cache_write_5m_tokens" -> call.cacheWrite5mTokens;
            case "cache_write_1h_tokens" -> call.cacheWrite1hTokens;
            case "output_tokens" -> call.outputTokens;
            case "logged_usd" -> call.loggedNanoUsd;
            default -> throw new AssertionError("a sum that the test does not know: " + field);
          };
      sum += value == CallDraft.ABSENT ? 0 : value;
    }
    return BigDecimal.valueOf(sum, field.equals("logged_usd") ? 9 : 0);
  }

  private static byte[] resource(String name, String file) throws IOException {
    try (var in = AgentCasesTest.class.getResourceAsStream("/cases/" + name + "/" + file)) {
      if (in == null) {
        throw new AssertionError("no case " + name);
      }
      return in.readAllBytes();
    }
  }
}
