package dev.homeward.nextsteps;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.TapeFiles;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.config.Documents;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.report.Reviewed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;

/** A review of made-up calls in memory, decided and replayed like any other. */
final class MadeUp {
  static final Catalog CATALOG = Catalog.standard();
  static final String LOCAL = "qwen3-8b";

  private static final ReviewPeriod PERIOD = period();
  private static final Pricer PRICER = new Pricer(PriceBook.standard(), Optional.empty());

  private final Map<WorkloadKey, CallTable> tables = new TreeMap<>();
  private final ObjectNode policies = JsonNodeFactory.instance.objectNode();
  private final List<Evidence> evidence = new ArrayList<>();

  private static ReviewPeriod period() {
    long from = Instant.parse("2026-10-01T00:00:00Z").getEpochSecond() * 1_000_000L;
    return ReviewPeriod.of(
        from,
        from + 31 * 86_400_000_000L - 1,
        Optional.of(YearMonth.of(2026, 10)),
        ZoneOffset.UTC,
        (a, b) -> new long[] {a, b - 1});
  }

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  /**
   * Adds a workload of calls at even distances, every third of a session of three; its local model
   * has passed.
   */
  MadeUp add(WorkloadKey key, int calls, int prompt, int output) {
    untested(key, calls, prompt, output);
    evidence.add(
        new Evidence(
            key.workload(), LOCAL, "f1", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, ""));
    return this;
  }

  /** The same without an evaluation. */
  MadeUp untested(WorkloadKey key, int calls, int prompt, int output) {
    CallTable table = new CallTable(calls);
    long apart = (PERIOD.toMicros() - PERIOD.fromMicros()) / calls;
    for (int i = 0; i < calls; i++) {
      CallDraft draft = new CallDraft();
      draft.clear();
      draft.startedAtMicros = PERIOD.fromMicros() + i * apart;
      draft.inputTokens = prompt;
      draft.cacheReadTokens = 0;
      draft.cacheWrite5mTokens = 0;
      draft.cacheWrite1hTokens = 0;
      draft.outputTokens = output;
      draft.provider = "openai";
      draft.sourceLine = i + 1L;
      if (i % 3 == 0) {
        draft.session = i / 9;
      }
      table.add(draft, key, "", BillingMode.METERED, "log, of \"October\".jsonl", 0, i);
    }
    tables.put(key, table);
    policies.withObject("/workloads").set(key.workload(), yaml("local-models: [" + LOCAL + "]"));
    return this;
  }

  private static Tape tape(WorkloadKey key, CallTable table) {
    TapeFiles files = new TapeFiles(Set.of(key), PERIOD.fromMicros(), PERIOD.toMicros());
    try {
      Path file = Files.createTempFile("calls", ".parquet");
      CallsFile.write(table, table.sortedRows(), new LocalOutputFile(file));
      files.find("calls", new LocalInputFile(file));
      files.found().forEach(name -> files.read(name, new LocalInputFile(file)));
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.tapes().get(key);
  }

  /** Decides it under a policy. */
  Reviewed review(String policy) {
    Assumptions assumptions =
        Assumptions.defaults()
            .with(
                yaml(
                    "engineer-usd-per-hour: 10\nsamples: 64\nsetup-hours-shared: 0\nupkeep-hours-shared-month: 0"),
                "test");
    Policy of = Policy.defaults().with(yaml(policy), "test").with(policies, "test");
    List<WorkloadCase> cases = new ArrayList<>();
    Map<WorkloadKey, Tape> tapes = new TreeMap<>();
    tables.forEach(
        (key, table) -> {
          Tape tape = tape(key, table);
          tapes.put(key, tape);
          cases.add(
              WorkloadCase.of(
                  WorkloadProfiler.profile(tape),
                  PRICER.price(tape),
                  PERIOD,
                  of,
                  CATALOG.hostedModels().byId(key.hostedModel()),
                  assumptions));
        });
    Evaluations evaluations = new Evaluations(evidence);
    DecideStep.Decision decision =
        new DecideStep(CATALOG, PRICER, of, evaluations, assumptions)
            .decide(cases, requests -> requests.stream().map(r -> replay(r, tapes)).toList());
    return new Reviewed(
        "made-up",
        "test",
        PERIOD,
        decision,
        new Reviewed.Settings(CATALOG, PriceBook.standard(), of, evaluations, assumptions),
        JsonNodeFactory.instance.objectNode(),
        Optional.empty(),
        List.of(),
        (key, day) -> day.accept(tables.get(key)));
  }

  private static List<Sizing.ReplayedFleet> replay(
      ReplayRequest request, Map<WorkloadKey, Tape> tapes) {
    List<BilledTape> of = new ArrayList<>();
    List<ServiceLevel> levels = new ArrayList<>();
    for (WorkloadCase workload : request.workloads()) {
      of.add(PRICER.billed(tapes.get(workload.key())));
      levels.add(workload.serviceLevel());
    }
    return new ReplaySettings(
            PERIOD.fromMicros(),
            PERIOD.toMicros(),
            ReplayOptions.PrefixCache.OFF,
            ReplayOptions.Lengths.AS_LOGGED,
            0,
            false)
        .size(of, levels, request.deployment(), request.volume(), request.bounds());
  }

  /** The files of its next steps. */
  static Map<String, String> steps(Reviewed review) {
    Map<String, String> files = new TreeMap<>();
    NextSteps.write(
        review, (name, bytes) -> files.put(name, new String(bytes, StandardCharsets.UTF_8)));
    return files;
  }
}
