package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.decision.VolumeCurve;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rules of Prometheus on the limits that would change the answer: the service level that the fleet
 * was sized for, queues and caches beyond what the replay saw, calls that go on to the API, and the
 * volumes between which a move saves.
 */
final class AlertRules {
  private static final String P95 = "histogram_quantile(0.95, sum by (le) (rate(%s_bucket%s[1h])))";
  private static final double HOURS_PER_DAY = 24;
  private static final double DAYS = 7;
  private static final double FULL = 0.95;

  /** A share of calls at the API that no replay had and that is more than single faults. */
  private static final double LEAST_SHARE = 0.01;

  /**
   * What an engine tells Prometheus; empty names where it does not, or nobody has looked it up.
   *
   * @param model label that holds the model's name; empty where the engine serves one model
   */
  private record Metrics(String model, String ttft, String tpot, String waiting, String cache) {}

  private static final Map<String, Metrics> OF =
      Map.of(
          "vllm",
          new Metrics(
              "model_name",
              "vllm:time_to_first_token_seconds",
              "vllm:request_time_per_output_token_seconds",
              "vllm:num_requests_waiting",
              "vllm:kv_cache_usage_perc"),
          "sglang",
          new Metrics(
              "model_name",
              "sglang:time_to_first_token_seconds",
              "",
              "sglang:num_queue_reqs",
              "sglang:token_usage"),
          "llama.cpp",
          new Metrics("", "", "", "llamacpp:requests_deferred", ""));

  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  private static final Metrics NONE = new Metrics("", "", "", "", "");

  private final Map<WorkloadKey, RankedWorkload> rows;
  private final Map<WorkloadKey, String> names;

  AlertRules(Map<WorkloadKey, RankedWorkload> rows, Map<WorkloadKey, String> names) {
    this.rows = rows;
    this.names = names;
  }

  /** The file. */
  String of(List<FleetSetup> fleets, List<String> head) {
    List<Object> groups = new ArrayList<>();
    for (FleetSetup fleet : fleets) {
      List<Object> rules = new ArrayList<>();
      service(fleet, rules);
      engine(fleet, rules);
      for (WorkloadKey key : fleet.workloads()) {
        volume(fleet, key, rules);
        overflow(fleet, key, rules);
      }
      if (!rules.isEmpty()) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("name", "homeward-" + fleet.name());
        group.put("rules", rules);
        groups.add(group);
      }
    }
    List<String> said = new ArrayList<>(head);
    said.add(
        "Rules for Prometheus (rule_files). Metrics of the router are LiteLLM's"
            + " (https://docs.litellm.ai/docs/proxy/prometheus, 2026-11), those of engines their own:"
            + " https://docs.vllm.ai/en/stable/usage/metrics/,"
            + " https://docs.sglang.io/references/production_metrics.html, and the server's README of"
            + " llama.cpp.");
    return Comments.of(said) + Yaml.of(Map.of("groups", groups));
  }

  // What several workloads share says nothing of the service of one: a batch at night waits for
  // hours and is in time. Then the router's figures are asked, which know who called.
  private void service(FleetSetup fleet, List<Object> rules) {
    Metrics metrics = metrics(fleet);
    boolean alone = fleet.workloads().size() == 1;
    String mine = metrics.model().isEmpty() ? "" : label(metrics.model(), fleet.name());
    ReplayResult r = fleet.result();
    for (WorkloadKey key : fleet.workloads()) {
      ServiceLevel level = rows.get(key).workload().serviceLevel();
      String name = names.get(key);
      String routed = label("requested_model", name);
      if (level.ttftP95Micros() != ServiceLevel.NONE) {
        boolean own = alone && !metrics.ttft().isEmpty();
        slow(
            "HomewardFirstTokenTooLate",
            P95.formatted(
                own ? metrics.ttft() : "litellm_llm_api_time_to_first_token_metric",
                own ? mine : routed),
            new Limit("TTFT", level.ttftP95Micros(), alone ? r.ttftP95Micros() : UNKNOWN),
            fleet,
            name,
            rules);
      }
      if (level.tpotP95Micros() != ServiceLevel.NONE && alone) {
        boolean own = !metrics.tpot().isEmpty();
        slow(
            "HomewardTokensTooSlow",
            P95.formatted(
                own ? metrics.tpot() : "litellm_deployment_latency_per_output_token",
                own ? mine : label("model_id", fleet.name() + "-[0-9]+", "=~")),
            new Limit("TPOT", level.tpotP95Micros(), r.tpotP95Micros()),
            fleet,
            name,
            rules);
      }
      if (level.e2eP95Micros() != ServiceLevel.NONE) {
        slow(
            "HomewardCallsTooSlow",
            P95.formatted("litellm_request_total_latency_metric", routed),
            new Limit("E2E", level.e2eP95Micros(), alone ? r.e2eP95Micros() : UNKNOWN),
            fleet,
            name,
            rules);
      }
    }
  }

  /** A limit of a service level and what the replay found; empty where it is not known alone. */
  private record Limit(String of, long micros, OptionalLong replayed) {}

  private static void slow(
      String alert,
      String figure,
      Limit limit,
      FleetSetup fleet,
      String workload,
      List<Object> rules) {
    rules.add(
        rule(
            alert,
            figure + " > " + seconds(limit.micros()),
            "30m",
            fleet,
            "%s p95 of %s over %s s, the service level that %s was sized for%s"
                .formatted(
                    limit.of(),
                    workload,
                    seconds(limit.micros()),
                    fleet.name(),
                    limit.replayed().isPresent()
                        ? " (replayed: %s s)".formatted(replayed(limit.replayed()))
                        : "")));
  }

  private void engine(FleetSetup fleet, List<Object> rules) {
    Metrics metrics = metrics(fleet);
    String mine = metrics.model().isEmpty() ? "" : label(metrics.model(), fleet.name());
    ReplayResult r = fleet.result();
    if (!metrics.waiting().isEmpty()) {
      rules.add(
          rule(
              "HomewardQueueLongerThanReplayed",
              "sum(%s%s) > %d".formatted(metrics.waiting(), mine, r.peakQueue()),
              "10m",
              fleet,
              "more calls wait at %s than ever in the replay (%d)"
                  .formatted(fleet.name(), r.peakQueue())));
    }
    if (!metrics.cache().isEmpty() && r.kvPeakShare() < FULL) {
      rules.add(
          rule(
              "HomewardCacheFull",
              "max(%s%s) > %s".formatted(metrics.cache(), mine, FULL),
              "15m",
              fleet,
              "the KV cache of %s is full; the replay used at most %.0f %% of it"
                  .formatted(fleet.name(), 100 * r.kvPeakShare())));
    }
  }

  // A workload that must move does so at any volume.
  private void volume(FleetSetup fleet, WorkloadKey key, List<Object> rules) {
    RankedWorkload row = rows.get(key);
    if (row.verdict() == Verdict.MUST_MOVE || row.flip().isEmpty()) {
      return;
    }
    double logged = callsPerDay(row.workload());
    Optional<RankedWorkload.VolumeRange> saves =
        row.flip().get().saves().stream().filter(s -> s.from() <= 1 && s.to() >= 1).findFirst();
    if (saves.isEmpty()) {
      return;
    }
    String name = names.get(key);
    String week =
        "sum(increase(litellm_proxy_total_requests_metric_total%s[7d]))"
            .formatted(label("requested_model", name));
    if (saves.get().from() > 0) {
      rules.add(
          rule(
              "HomewardVolumeTooSmall",
              "%s < %s".formatted(week, digits(DAYS * logged * saves.get().from())),
              "1d",
              fleet,
              "under %s of the volume of the log (%s calls a day) %s would not save, alone on its best"
                      .formatted(share(saves.get().from()), digits(logged), name)
                  + " box"));
    }
    if (saves.get().to() < row.flip().get().toVolume()) {
      rules.add(
          rule(
              "HomewardVolumeTooLarge",
              "%s > %s".formatted(week, digits(DAYS * logged * saves.get().to())),
              "1d",
              fleet,
              "over %s of the volume of the log (%s calls a day) %s would not save, alone on its best"
                      .formatted(share(saves.get().to()), digits(logged), name)
                  + " box"));
    }
  }

  private void overflow(FleetSetup fleet, WorkloadKey key, List<Object> rules) {
    RankedWorkload row = rows.get(key);
    if (!row.workload().mayOverflow()) {
      return;
    }
    String name = names.get(key);
    ReplayResult r = fleet.result();
    double replayed = (double) (r.overflowCalls() + r.tooLongCalls()) / Math.max(1, r.calls());
    double limit = Math.max(LEAST_SHARE, Math.max(2 * replayed, atFlip(row)));
    rules.add(
        rule(
            "HomewardTooManyCallsAtTheApi",
            "sum(increase(litellm_deployment_successful_fallbacks_total%1$s[1d])) > %2$s * sum(increase(litellm_proxy_total_requests_metric_total%1$s[1d]))"
                .formatted(label("requested_model", name), digits(limit)),
            "1h",
            fleet,
            "more than %s of the calls of %s go on to the API; the replay of its fleet had %s"
                .formatted(share(limit), name, share(replayed))));
  }

  // The overflow at the volume at which the answer flips; 0 where it does not, or below today's.
  private static double atFlip(RankedWorkload row) {
    Optional<VolumeCurve> curve = row.curve();
    double nearest = row.flip().map(f -> f.nearest().orElse(0)).orElse(0.0);
    return curve.isPresent() && nearest > 1 ? curve.get().overflowShare(nearest) : 0;
  }

  private static double callsPerDay(WorkloadCase workload) {
    double days = workload.period().hours() * workload.period().coverage() / HOURS_PER_DAY;
    return workload.profile().calls() / days;
  }

  private static Metrics metrics(FleetSetup fleet) {
    return OF.getOrDefault(fleet.deployment().engine().line(), NONE);
  }

  private static String label(String name, String value) {
    return label(name, value, "=");
  }

  // Names have letters, digits and hyphens only: nothing in them means anything to a selector.
  private static String label(String name, String value, String is) {
    return "{%s%s\"%s\"}".formatted(name, is, value);
  }

  private static Map<String, Object> rule(
      String alert, String expression, String during, FleetSetup fleet, String summary) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("alert", alert);
    rule.put("expr", expression);
    rule.put("for", during);
    rule.put("labels", Map.of("fleet", fleet.name()));
    rule.put("annotations", Map.of("summary", summary));
    return rule;
  }

  private static String seconds(long micros) {
    return new BigDecimal(micros).movePointLeft(6).stripTrailingZeros().toPlainString();
  }

  private static String replayed(OptionalLong micros) {
    return digits(micros.orElseThrow() / 1e6);
  }

  private static String digits(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private static String share(double of) {
    return digits(100 * of) + " %";
  }
}
