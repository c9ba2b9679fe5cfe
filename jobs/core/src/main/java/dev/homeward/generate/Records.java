package dev.homeward.generate;

import dev.homeward.generate.Organisation.ListPrice;
import dev.homeward.generate.Organisation.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;

/** A made-up call as a line of each of the formats that {@link Generator} writes. */
final class Records {
  private Records() {}

  /** A row of LiteLLM's spend log as JSON. */
  static String spendLog(Event e) {
    Workload w = e.workload();
    StringBuilder json = new StringBuilder(700);
    json.append("{\"request_id\":\"").append(requestId(e)).append('"');
    json.append(",\"call_type\":\"acompletion\",\"api_key\":\"").append(keyHash(w)).append('"');
    json.append(",\"spend\":").append(spend(e).toPlainString());
    json.append(",\"total_tokens\":").append(e.failure() ? 0 : e.input() + e.output());
    json.append(",\"prompt_tokens\":").append(e.failure() ? 0 : e.input());
    json.append(",\"completion_tokens\":").append(e.failure() ? 0 : e.output());
    json.append(",\"startTime\":\"").append(time(e.startMicros())).append('"');
    long end = e.startMicros() + (e.cacheHit() ? 10_000 : e.durationMicros());
    json.append(",\"endTime\":\"").append(time(end)).append('"');
    json.append(",\"completionStartTime\":\"")
        .append(time(e.cacheHit() || e.failure() ? end : e.startMicros() + e.ttftMicros()))
        .append('"');
    json.append(",\"model\":\"").append(w.model()).append('"');
    json.append(",\"custom_llm_provider\":\"").append(w.provider()).append('"');
    json.append(",\"cache_hit\":\"").append(e.cacheHit() ? "True" : "False").append('"');
    json.append(",\"request_tags\":").append(tags(w));
    json.append(",\"session_id\":null,\"status\":\"")
        .append(e.failure() ? "failure" : "success")
        .append("\",\"messages\":{},\"response\":{},\"metadata\":")
        .append(metadata(e))
        .append('}');
    return json.toString();
  }

  private static String requestId(Event e) {
    return "chatcmpl-" + e.id() + (e.cacheHit() ? "_cache_hit" + e.startMicros() / 1_000_000 : "");
  }

  private static String keyHash(Workload w) {
    return new Dice(w.name().hashCode()).hex(64);
  }

  private static String tags(Workload w) {
    if (w.name().isEmpty()) {
      return "[\"User-Agent: python-httpx\",\"User-Agent: python-httpx/0.28.1\"]";
    }
    String dataClass = w.dataClass().isEmpty() ? "" : ",\"data_class:%s\"".formatted(w.dataClass());
    return "[\"app:%s\"%s,\"User-Agent: openai-python\"]".formatted(w.name(), dataClass);
  }

  private static String metadata(Event e) {
    Workload w = e.workload();
    StringBuilder json = new StringBuilder("{");
    if (!w.name().isEmpty()) {
      json.append("\"user_api_key_alias\":\"").append(w.name()).append("-prod\",");
      json.append("\"user_api_key_team_alias\":\"").append(w.team()).append("\",");
      json.append("\"spend_logs_metadata\":{\"cost_center\":\"")
          .append(w.costCenter())
          .append("\"},");
    }
    json.append("\"usage_object\":{\"prompt_tokens\":").append(e.failure() ? 0 : e.input());
    json.append(",\"completion_tokens\":").append(e.failure() ? 0 : e.output());
    if (e.cached() > 0 && !e.failure()) {
      json.append(",\"prompt_tokens_details\":{\"cached_tokens\":").append(e.cached()).append('}');
    }
    return json.append("}}").toString();
  }

  private static BigDecimal spend(Event e) {
    if (e.failure() || e.cacheHit()) {
      return BigDecimal.ZERO;
    }
    for (ListPrice price : Organisation.PRICES) {
      if (price.model().equals(e.workload().model())) {
        BigDecimal micros =
            part(e.input() - e.cached() - e.written(), price.input())
                .add(part(e.cached(), price.cacheRead()))
                .add(part(e.written(), price.cacheWrite()))
                .add(part(e.output(), price.output()));
        return micros.movePointLeft(6).setScale(10, RoundingMode.HALF_EVEN).stripTrailingZeros();
      }
    }
    return BigDecimal.ZERO;
  }

  private static BigDecimal part(int tokens, double dollarsPerMillion) {
    return BigDecimal.valueOf(tokens).multiply(BigDecimal.valueOf(dollarsPerMillion));
  }

  /** The line as a crash, a typing error or a bug would leave it. */
  static String damaged(String line, Dice dice) {
    return switch (dice.below(4)) {
      case 0 -> line.substring(0, line.length() / 2);
      case 1 -> line.replaceFirst("\"prompt_tokens\":\\d+", "\"prompt_tokens\":-12");
      case 2 -> line.replaceFirst("\"startTime\":\"[^\"]*\"", "\"startTime\":\"yesterday\"");
      default -> line.replaceFirst("\"completion_tokens\":\\d+", "\"completion_tokens\":\"many\"");
    };
  }

  /** A row of LiteLLM's spend log as CSV. */
  static String csv(Event e) {
    Workload w = e.workload();
    long end = e.startMicros() + e.durationMicros();
    return String.join(
        ",",
        requestId(e),
        "acompletion",
        keyHash(w),
        spend(e).toPlainString(),
        Integer.toString(e.failure() ? 0 : e.input() + e.output()),
        Integer.toString(e.failure() ? 0 : e.input()),
        Integer.toString(e.failure() ? 0 : e.output()),
        sqlTime(e.startMicros()),
        sqlTime(end),
        sqlTime(e.failure() ? end : e.startMicros() + e.ttftMicros()),
        w.model(),
        w.provider(),
        "False",
        quoted(tags(w)),
        "",
        e.failure() ? "failure" : "success",
        quoted(metadata(e)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  /** A call in the canonical form, as an export for this program has it. */
  static String exported(Event e) {
    Workload w = e.workload();
    StringBuilder json = new StringBuilder(300);
    json.append("{\"call_id\":\"").append(e.id()).append('"');
    json.append(",\"started_at\":\"").append(time(e.startMicros())).append('"');
    json.append(",\"workload\":\"").append(w.name()).append('"');
    json.append(",\"data_class\":\"").append(w.dataClass()).append('"');
    json.append(",\"owner\":\"").append(w.costCenter()).append('"');
    json.append(",\"provider\":\"").append(w.provider()).append('"');
    json.append(",\"request_model\":\"").append(w.model()).append('"');
    if (w.outputTokens() == 0) {
      json.append(",\"operation\":\"embeddings\"");
    }
    if (w.batch()) {
      json.append(",\"service_tier\":\"batch\"");
    }
    if (e.failure()) {
      json.append(",\"status\":\"failure\"");
    } else {
      json.append(",\"input_tokens\":").append(e.input());
      if (e.output() > 0) {
        json.append(",\"output_tokens\":").append(e.output());
      }
    }
    return json.append('}').toString();
  }

  /** The line of a transcript that stands before an answer. */
  static String question(Event e, String session) {
    return "{\"type\":\"user\",\"sessionId\":\"%s\",\"cwd\":\"/src/claims\",\"timestamp\":\"%s\",\"message\":{\"role\":\"user\",\"content\":\"\"}}\n"
        .formatted(session, time(e.startMicros() - 900_000));
  }

  /** An answer in a transcript of Claude Code, with as much output as it has by then. */
  static String transcript(Event e, String session, int output) {
    return String.format(
            Locale.ROOT,
            "{\"type\":\"assistant\",\"sessionId\":\"%s\",\"version\":\"2.1.9\",\"cwd\":\"/src/claims\",\"requestId\":\"req_%s\","
                + "\"timestamp\":\"%s\",\"message\":{\"id\":\"msg_%s\",\"role\":\"assistant\",\"model\":\"%s\",\"usage\":{"
                + "\"input_tokens\":%d,\"cache_creation_input_tokens\":%d,\"cache_read_input_tokens\":%d,"
                + "\"output_tokens\":%d}}}%n",
            session,
            e.id(),
            time(e.startMicros()),
            e.id(),
            e.workload().model(),
            e.input() - e.cached() - e.written(),
            e.written(),
            e.cached(),
            output)
        .replace(System.lineSeparator(), "\n");
  }

  private static String time(long micros) {
    return sqlTime(micros).replace(' ', 'T') + "Z";
  }

  private static String sqlTime(long micros) {
    var t = Instant.ofEpochSecond(0, 0).plusMillis(micros / 1000).atOffset(ZoneOffset.UTC);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d.%03d",
        t.getYear(),
        t.getMonthValue(),
        t.getDayOfMonth(),
        t.getHour(),
        t.getMinute(),
        t.getSecond(),
        t.getNano() / 1_000_000);
  }
}
