package dev.homeward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.ServiceTier;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A replayed fleet as JSON: how it travels between machines and how replays/ stores it. */
public final class ReplayJson {
  private ReplayJson() {}

  /** A fleet as JSON; {@link #read} reads it back. */
  public static ObjectNode write(Sizing.ReplayedFleet fleet) {
    ReplayOptions o = fleet.options();
    ReplayResult r = fleet.result();
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    n.put("replicas", o.replicas());
    n.put("in_flight_cap", o.inFlightCap());
    n.put("prefix_cache_as_logged", o.prefixCache().asLogged());
    n.put("prefix_cache_share", o.prefixCache().share());
    n.put("ttft_p95_limit_us", o.serviceLevel().ttftP95Micros());
    n.put("tpot_p95_limit_us", o.serviceLevel().tpotP95Micros());
    n.put("e2e_p95_limit_us", o.serviceLevel().e2eP95Micros());
    n.put("complete_within_us", o.serviceLevel().completeWithinMicros());
    n.put("hours_per_day", o.hoursPerDay());
    n.put("start_hour", o.startHour());
    n.put("day_offset_us", o.dayOffsetMicros());
    n.put("release_after_us", o.releaseAfterMicros());
    n.put("cold_start_us", o.coldStartMicros());
    n.put("calls", r.calls());
    n.put("local_calls", r.localCalls());
    n.put("overflow_calls", r.overflowCalls());
    n.put("too_long_calls", r.tooLongCalls());
    if (!r.apiUse().isNone()) {
      ArrayNode lines = n.putArray("api_use");
      r.apiUse().byLine().forEach((line, amount) -> write(lines.addObject(), line, amount));
    }
    n.put("prompt_tokens", r.promptTokens());
    n.put("output_tokens", r.outputTokens());
    n.put("ttft_mean_us", r.ttftMeanMicros());
    put(n, "ttft_p50_us", r.ttftP50Micros());
    put(n, "ttft_p95_us", r.ttftP95Micros());
    put(n, "ttft_p99_us", r.ttftP99Micros());
    put(n, "tpot_p50_us", r.tpotP50Micros());
    put(n, "tpot_p95_us", r.tpotP95Micros());
    put(n, "tpot_p99_us", r.tpotP99Micros());
    put(n, "e2e_p50_us", r.e2eP50Micros());
    put(n, "e2e_p95_us", r.e2eP95Micros());
    put(n, "e2e_p99_us", r.e2eP99Micros());
    n.put("slo_attainment", r.sloAttainment());
    n.put("meets_service_level", r.meetsServiceLevel());
    n.put("utilization", r.utilization());
    n.put("busy_ns", r.busyNanos());
    n.put("busy_load", r.busyLoad());
    n.put("up_ns", r.upNanos());
    n.put("observed_ns", r.observedNanos());
    n.put("peak_in_flight", r.peakInFlight());
    n.put("peak_queue", r.peakQueue());
    n.put("kv_peak_share", r.kvPeakShare());
    n.put("preemptions", r.preemptions());
    n.put("cold_starts", r.coldStarts());
    n.put("refused_calls", r.refusedCalls());
    n.put("closed_loop", r.closedLoop());
    n.put("saturated", r.saturated());
    var clock = n.putArray("busy_by_clock");
    for (float share : r.busyByClock()) {
      clock.add(share);
    }
    if (r.hours().equals(ReplayResult.Hours.NONE)) {
      return n;
    }
    ObjectNode hours = n.putObject("hours");
    var busy = hours.putArray("busy_share");
    for (float share : r.hours().busyShare()) {
      busy.add(share);
    }
    put(hours, "calls", r.hours().calls());
    put(hours, "within_level", r.hours().withinLevel());
    put(hours, "overflow", r.hours().overflow());
    return n;
  }

  /** The fleet of {@link #write}. */
  public static Sizing.ReplayedFleet read(JsonNode n) {
    ReplayOptions options =
        new ReplayOptions(
            n.get("replicas").intValue(),
            n.get("in_flight_cap").intValue(),
            new ReplayOptions.PrefixCache(
                n.get("prefix_cache_as_logged").booleanValue(),
                n.get("prefix_cache_share").doubleValue()),
            new ServiceLevel(
                n.get("ttft_p95_limit_us").longValue(),
                n.get("tpot_p95_limit_us").longValue(),
                n.get("e2e_p95_limit_us").longValue(),
                n.get("complete_within_us").longValue()),
            n.get("hours_per_day").intValue(),
            n.get("start_hour").intValue(),
            n.get("day_offset_us").longValue(),
            n.get("closed_loop").booleanValue(),
            n.get("release_after_us").longValue(),
            n.get("cold_start_us").longValue());
    JsonNode hours = n.path("hours");
    ReplayResult result =
        new ReplayResult(
            n.get("calls").longValue(),
            n.get("local_calls").longValue(),
            n.get("overflow_calls").longValue(),
            n.get("too_long_calls").longValue(),
            apiUse(n.path("api_use")),
            n.get("prompt_tokens").longValue(),
            n.get("output_tokens").longValue(),
            n.get("ttft_mean_us").doubleValue(),
            get(n, "ttft_p50_us"),
            get(n, "ttft_p95_us"),
            get(n, "ttft_p99_us"),
            get(n, "tpot_p50_us"),
            get(n, "tpot_p95_us"),
            get(n, "tpot_p99_us"),
            get(n, "e2e_p50_us"),
            get(n, "e2e_p95_us"),
            get(n, "e2e_p99_us"),
            n.get("slo_attainment").doubleValue(),
            n.get("meets_service_level").booleanValue(),
            n.get("utilization").doubleValue(),
            n.get("busy_ns").longValue(),
            n.get("busy_load").doubleValue(),
            n.get("up_ns").longValue(),
            n.get("observed_ns").longValue(),
            floats(n.get("busy_by_clock")),
            hours.isMissingNode()
                ? ReplayResult.Hours.NONE
                : new ReplayResult.Hours(
                    floats(hours.get("busy_share")),
                    ints(hours, "calls"),
                    ints(hours, "within_level"),
                    ints(hours, "overflow")),
            n.get("peak_in_flight").longValue(),
            n.get("peak_queue").longValue(),
            n.get("kv_peak_share").doubleValue(),
            n.get("preemptions").longValue(),
            n.get("cold_starts").longValue(),
            n.get("refused_calls").longValue(),
            n.get("closed_loop").booleanValue(),
            n.get("saturated").booleanValue());
    return new Sizing.ReplayedFleet(options, result);
  }

  private static void write(ObjectNode n, ApiLine line, ApiUse.Amount amount) {
    n.put("hosted_model", line.hostedModel());
    n.put("provider", line.provider());
    n.put("service_tier", line.tier().word());
    n.put("above_input_tokens", line.aboveInput());
    n.put("up_to_input_tokens", line.upToInput());
    n.put("calls", amount.calls());
    n.put("input_tokens", amount.input());
    n.put("cache_read_tokens", amount.cacheRead());
    n.put("cache_write_5m_tokens", amount.cacheWrite5m());
    n.put("cache_write_1h_tokens", amount.cacheWrite1h());
    n.put("output_tokens", amount.output());
  }

  private static ApiUse apiUse(JsonNode lines) {
    Map<ApiLine, ApiUse.Amount> byLine = new TreeMap<>();
    for (JsonNode n : lines) {
      byLine.put(
          new ApiLine(
              n.get("hosted_model").textValue(),
              n.get("provider").textValue(),
              ServiceTier.valueOf(n.get("service_tier").textValue().toUpperCase(Locale.ROOT)),
              n.get("above_input_tokens").longValue(),
              n.get("up_to_input_tokens").longValue()),
          new ApiUse.Amount(
              n.get("calls").longValue(),
              n.get("input_tokens").longValue(),
              n.get("cache_read_tokens").longValue(),
              n.get("cache_write_5m_tokens").longValue(),
              n.get("cache_write_1h_tokens").longValue(),
              n.get("output_tokens").longValue()));
    }
    return ApiUse.of(byLine);
  }

  private static void put(ObjectNode n, String key, OptionalLong value) {
    if (value.isPresent()) {
      n.put(key, value.getAsLong());
    }
  }

  private static OptionalLong get(JsonNode n, String key) {
    return n.has(key) ? OptionalLong.of(n.get(key).longValue()) : OptionalLong.empty();
  }

  private static void put(ObjectNode n, String name, int[] values) {
    var array = n.putArray(name);
    for (int value : values) {
      array.add(value);
    }
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  private static int[] ints(JsonNode n, String name) {
    int[] values = new int[n.get(name).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = n.get(name).get(i).intValue();
    }
    return values;
  }
}
