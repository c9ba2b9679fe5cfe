package dev.homeward.generate;

import java.util.ArrayList;
import java.util.List;

/**
 * The made-up insurer behind sample-logs: what its teams do with hosted models. One row a workload;
 * to change the story, change the table.
 */
final class Organisation {
  /** Which log a workload's calls are written to. */
  enum Log {
    /** LiteLLM SpendLogs as JSON lines. */
    GATEWAY,
    /** LiteLLM SpendLogs as Postgres exports them. */
    EU_GATEWAY,
    /** Homeward's own record. */
    EXPORT,
    /** Claude Code transcripts. */
    CLAUDE_CODE
  }

  /** When calls arrive. */
  enum Rhythm {
    /** Every 30 minutes, day and night. */
    CLOCK,
    /** The same number each day, at any time. */
    STEADY,
    /** Office hours of working days, with a little at other times. */
    OFFICE,
    /** Office hours, with a rush of calls several times a day. */
    RUSHES,
    /** From one o'clock at night on, as fast as they can be sent. */
    NIGHTLY
  }

  /** How fast the made-up server of one's own is. */
  private static final double LOCAL_FIRST_TOKEN_MILLIS = 450;

  private static final double LOCAL_TOKENS_PER_SECOND = 40;

  /**
   * A workload.
   *
   * @param name as tagged; empty for the one nobody tagged
   * @param dataClass as tagged; empty for none
   * @param callsPerDay on an average day
   * @param monthlyGrowth factor from the first to the last day, 1 for none
   * @param inputTokens median of all input tokens
   * @param inputSpread sigma of the logarithm
   * @param outputTokens median; 0 for embeddings
   * @param cachedShare share of the input read from the provider's cache
   * @param firstTokenMillis median time to first token at the API
   * @param tokensPerSecond output speed at the API
   */
  record Workload(
      String name,
      Log log,
      String model,
      String provider,
      String dataClass,
      String team,
      String costCenter,
      Rhythm rhythm,
      double callsPerDay,
      double monthlyGrowth,
      double inputTokens,
      double inputSpread,
      double outputTokens,
      double cachedShare,
      boolean batch,
      double firstTokenMillis,
      double tokensPerSecond) {
    /** The same answered by a server of one's own, as its gateway logs it. */
    Workload servedLocally(String localModel) {
      return new Workload(
          name,
          log,
          localModel,
          "hosted_vllm",
          dataClass,
          team,
          costCenter,
          rhythm,
          callsPerDay,
          monthlyGrowth,
          inputTokens,
          inputSpread,
          outputTokens,
          0,
          false,
          LOCAL_FIRST_TOKEN_MILLIS,
          LOCAL_TOKENS_PER_SECOND);
    }

    Workload with(String newName, double calls, double output) {
      return new Workload(
          newName,
          log,
          model,
          provider,
          dataClass,
          team,
          costCenter,
          rhythm,
          callsPerDay * calls,
          monthlyGrowth,
          inputTokens,
          inputSpread,
          outputTokens * output,
          cachedShare,
          batch,
          firstTokenMillis,
          tokensPerSecond);
    }
  }

  /** Dollars a million tokens: input, cache read, output; what the gateway's price map said. */
  record ListPrice(
      String model, double input, double cacheRead, double cacheWrite, double output) {}

  static final List<ListPrice> PRICES =
      List.of(
          new ListPrice("gpt-4o", 2.5, 1.25, 2.5, 10),
          new ListPrice("gpt-4o-mini", 0.15, 0.075, 0.15, 0.6),
          new ListPrice("claude-3-5-haiku-20241022", 0.8, 0.08, 1.0, 4),
          new ListPrice("claude-sonnet-4-6", 3, 0.3, 3.75, 15),
          new ListPrice("claude-opus-4-6", 5, 0.5, 6.25, 25),
          new ListPrice("gemini-2.5-pro", 2.5, 0.25, 2.5, 15),
          new ListPrice("text-embedding-3-small", 0.02, 0.02, 0.02, 0),
          new ListPrice("codestral-2508", 0.3, 0.3, 0.3, 0.9));

  /**
   * The workloads of a later month, with planted changes: fraud-screen half as busy again,
   * faq-answers twelve times, answers of support-chat 1.4 times as long, status-agent gone,
   * returns-triage new.
   */
  static List<Workload> laterWorkloads() {
    List<Workload> later = new ArrayList<>();
    for (Workload w : WORKLOADS) {
      switch (w.name()) {
        case "fraud-screen" -> later.add(w.with(w.name(), 1.5, 1));
        case "faq-answers" -> later.add(w.with(w.name(), 12, 1));
        case "support-chat" -> later.add(w.with(w.name(), 1, 1.4));
        case "status-agent" -> {
          // Switched off.
        }
        case "email-drafts" -> {
          later.add(w);
          later.add(w.with("returns-triage", 0.3, 1));
        }
        default -> later.add(w);
      }
    }
    return later;
  }

  static final List<Workload> WORKLOADS =
      List.of(
          new Workload(
              "status-agent",
              Log.GATEWAY,
              "claude-3-5-haiku-20241022",
              "anthropic",
              "internal",
              "IT Operations",
              "CC-1100",
              Rhythm.CLOCK,
              48,
              1,
              500,
              0,
              50,
              0,
              false,
              500,
              70),
          new Workload(
              "faq-answers",
              Log.GATEWAY,
              "gpt-4o-mini",
              "openai",
              "public",
              "Customer Care",
              "CC-2000",
              Rhythm.STEADY,
              1000,
              1,
              500,
              0,
              300,
              0,
              false,
              400,
              90),
          new Workload(
              "intake-notes",
              Log.GATEWAY,
              "gpt-4o",
              "openai",
              "phi",
              "Health Claims",
              "CC-3100",
              Rhythm.OFFICE,
              260,
              1,
              2600,
              0.5,
              320,
              0,
              false,
              600,
              75),
          new Workload(
              "policy-search",
              Log.EXPORT,
              "text-embedding-3-small",
              "openai",
              "internal",
              "Search",
              "CC-1200",
              Rhythm.OFFICE,
              1000,
              1,
              420,
              0.6,
              0,
              0,
              false,
              0,
              0),
          new Workload(
              "nightly-summaries",
              Log.EXPORT,
              "gpt-4o",
              "openai",
              "confidential",
              "Claims",
              "CC-3000",
              Rhythm.NIGHTLY,
              620,
              1,
              21000,
              0.4,
              900,
              0,
              true,
              0,
              0),
          new Workload(
              "support-chat",
              Log.EU_GATEWAY,
              "gpt-4o",
              "azure",
              "confidential",
              "Customer Care",
              "CC-2000",
              Rhythm.RUSHES,
              1000,
              1,
              9000,
              0.4,
              800,
              0.35,
              false,
              650,
              70),
          new Workload(
              "claims-coder",
              Log.CLAUDE_CODE,
              "claude-opus-4-6",
              "anthropic",
              "",
              "Engineering",
              "CC-1000",
              Rhythm.OFFICE,
              70,
              1,
              95000,
              0.5,
              700,
              0.93,
              false,
              0,
              0),
          new Workload(
              "document-extract",
              Log.GATEWAY,
              "gpt-4o",
              "openai",
              "confidential",
              "Claims",
              "CC-3000",
              Rhythm.OFFICE,
              380,
              1.2,
              4800,
              0.6,
              420,
              0,
              false,
              600,
              75),
          new Workload(
              "email-drafts",
              Log.GATEWAY,
              "gpt-4o",
              "openai",
              "internal",
              "Customer Care",
              "CC-2000",
              Rhythm.OFFICE,
              1050,
              1,
              6200,
              0.5,
              460,
              0,
              false,
              550,
              80),
          new Workload(
              "",
              Log.GATEWAY,
              "gpt-4o-mini",
              "openai",
              "",
              "",
              "",
              Rhythm.OFFICE,
              190,
              1,
              1500,
              0.9,
              350,
              0,
              false,
              400,
              90),
          new Workload(
              "fraud-screen",
              Log.GATEWAY,
              "gpt-4o",
              "openai",
              "confidential",
              "Fraud",
              "CC-3200",
              Rhythm.STEADY,
              1150,
              1,
              7000,
              0.35,
              220,
              0,
              false,
              600,
              75),
          new Workload(
              "underwriting-files",
              Log.EU_GATEWAY,
              "gemini-2.5-pro",
              "vertex_ai",
              "restricted",
              "Underwriting",
              "CC-4000",
              Rhythm.OFFICE,
              14,
              1,
              330000,
              0.12,
              1500,
              0,
              false,
              4000,
              90),
          new Workload(
              "branch-kiosk",
              Log.EU_GATEWAY,
              "gpt-4o-mini",
              "azure",
              "public",
              "Branches",
              "CC-5000",
              Rhythm.OFFICE,
              110,
              1,
              900,
              0.4,
              180,
              0,
              false,
              450,
              85),
          new Workload(
              "marketing-copy",
              Log.GATEWAY,
              "claude-sonnet-4-6",
              "anthropic",
              "public",
              "Marketing",
              "CC-6000",
              Rhythm.OFFICE,
              11,
              1,
              1200,
              0.5,
              800,
              0,
              false,
              900,
              60),
          new Workload(
              "code-review-bot",
              Log.GATEWAY,
              "claude-sonnet-4-6",
              "anthropic",
              "internal",
              "Engineering",
              "CC-1000",
              Rhythm.OFFICE,
              150,
              1,
              14000,
              0.6,
              900,
              0.6,
              false,
              1000,
              60),
          new Workload(
              "code-completion",
              Log.GATEWAY,
              "codestral-2508",
              "mistral",
              "internal",
              "Engineering",
              "CC-1000",
              Rhythm.OFFICE,
              300,
              1,
              1800,
              0.4,
              60,
              0,
              false,
              250,
              120),
          new Workload(
              "lab-experiments",
              Log.EU_GATEWAY,
              "northstar-2-preview",
              "openai_like",
              "internal",
              "Data Lab",
              "CC-7000",
              Rhythm.OFFICE,
              18,
              1,
              2200,
              0.7,
              500,
              0,
              false,
              700,
              60));

  private Organisation() {}
}
