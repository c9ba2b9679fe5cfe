package dev.homeward.validate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.formats.mapped.Question;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.RejectedLog;
import dev.homeward.validate.LogScan.CallSums;
import dev.homeward.validate.LogScan.FileScan;
import java.util.Map;
import java.util.TreeMap;

/**
 * What logs hold and what is wrong with them, for programs: the text of {@link Validation} as a
 * tree, with every file and every name. Dollars are texts, so that none is rounded. What is not
 * known is not there.
 */
final class FindingsDocument {
  private final ObjectNode root = Codec.object();
  private final HostedModels known;

  FindingsDocument(LogInputs inputs) {
    this.known = inputs.catalog().hostedModels();
    root.putArray("files");
    ArrayNode strays = root.putArray("passed_over");
    inputs
        .passedOver()
        .forEach(file -> strays.addObject().put("name", file.name()).put("why", file.why()));
  }

  /** A document that holds nothing but mappings. */
  static ObjectNode mappings(Map<String, TableReading> readings) {
    ObjectNode document = Codec.object();
    ArrayNode all = document.putArray("mappings");
    readings.forEach(
        (file, reading) -> {
          ObjectNode of = all.addObject().put("file", file).put("mapping", reading.mapping());
          ArrayNode open = of.putArray("open_questions");
          reading.open().stream().map(Question::text).forEach(open::add);
        });
    return document;
  }

  /**
   * Adds a file.
   *
   * @param copies calls whose id stands in an earlier file or earlier in this one; below 0 where
   *     they were not looked for
   */
  void add(LogFile file, FileScan scan, long copies) {
    ObjectNode of = root.withArray("files").addObject();
    of.put("name", file.name()).put("bytes", file.bytes());
    of.put("format", file.format()).put("format_told_by", file.why());
    of.put("compression", file.compression().word());
    describe(of, scan, copies);
    ArrayNode examples = of.putArray("rejected_records");
    for (FileCounts.RejectedSample s : scan.counts.samples) {
      examples
          .addObject()
          .put("line", s.line())
          .put("reason", s.reason())
          .put("detail", s.detail())
          .put("sample", s.sample());
    }
  }

  /** The document with the sums over all files. */
  ObjectNode whole(FileScan all, long copies, boolean clean) {
    root.put("clean", clean);
    describe(root.putObject("total"), all, copies);
    Map<String, Long> sources = new TreeMap<>();
    all.unassigned.forEach(
        (source, values) -> sources.put(source, values.values().stream().mapToLong(n -> n).sum()));
    ObjectNode unassigned = root.putObject("unassigned");
    unassigned.put(
        "calls",
        all.sums.entrySet().stream()
            .filter(e -> e.getKey().key().workload().equals(WorkloadKey.UNASSIGNED))
            .mapToLong(e -> e.getValue().calls)
            .sum());
    counts(unassigned, "calls_by_name", sources);
    return root;
  }

  private void describe(ObjectNode of, FileScan scan, long copies) {
    RejectedLog.counts(of, scan.counts);
    // The scan counts no tokens for the conservation check; the sums below have them.
    of.remove("tokens");
    of.remove("duplicates");
    if (copies >= 0) {
      of.put("copies", copies);
    }
    counts(of, "rejected_by_reason", scan.counts.rejectedByReason);
    if (scan.ofBuckets.tokens() > 0 || scan.ofBuckets.loggedCalls > 0) {
      sums(of.putObject("billed"), scan.ofBuckets);
    }
    if (scan.counts.calls == 0) {
      return;
    }
    of.put("first_call", Validation.instant(scan.firstMicros));
    of.put("last_call", Validation.instant(scan.lastMicros));
    sums(of.putObject("tokens"), scan.total());
    ObjectNode doubts = of.putObject("calls_with");
    doubts.put("missing_usage", scan.missingUsage);
    doubts.put("unexplained_counts", scan.counts.unexplained);
    doubts.put("cache_in_doubt", scan.counts.cacheInDoubt);
    doubts.put("failure", scan.failures);
    doubts.put("answer_from_proxy_cache", scan.proxyCacheHits);
    doubts.put("retry", scan.retried);
    doubts.put("broken_off", scan.interrupted);
    doubts.put("estimated_tokens", scan.estimated);
    doubts.put("zone_assumed", scan.zoneAssumed);
    doubts.put("no_id", scan.withoutId);
    TreeMap<String, Long> models = new TreeMap<>();
    TreeMap<String, Long> workloads = new TreeMap<>();
    TreeMap<String, Long> months = new TreeMap<>();
    scan.sums.forEach(
        (key, sum) -> {
          models.merge(key.key().hostedModel(), sum.calls, Long::sum);
          workloads.merge(key.key().workload(), sum.calls, Long::sum);
          months.merge(Validation.month(key), sum.calls, Long::sum);
        });
    counts(of, "calls_by_month", months);
    counts(of, "calls_by_model", models);
    counts(of, "calls_by_workload", workloads);
    ArrayNode unknown = of.putArray("unknown_models");
    ArrayNode own = of.putArray("local_models");
    for (String model : models.keySet()) {
      if (HostedModels.isLocal(model)) {
        own.add(model);
      } else if (known.byId(model).isEmpty()) {
        ArrayNode nearest = unknown.addObject().put("model", model).putArray("nearest");
        known.nearest(model).forEach(nearest::add);
      }
    }
  }

  private static void sums(ObjectNode of, CallSums sums) {
    of.put("input", sums.input)
        .put("cache_read", sums.cacheRead)
        .put("cache_write", sums.cacheWrite5m + sums.cacheWrite1h)
        .put("output", sums.output);
    if (sums.loggedCalls > 0) {
      of.put("logged_cost_usd", sums.loggedUsd()).put("logged_cost_of", sums.loggedCalls);
    }
  }

  private static void counts(ObjectNode of, String name, Map<String, Long> counts) {
    ObjectNode into = of.putObject(name);
    counts.forEach(into::put);
  }
}
