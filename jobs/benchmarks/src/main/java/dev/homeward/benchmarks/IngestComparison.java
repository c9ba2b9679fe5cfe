package dev.homeward.benchmarks;

import dev.homeward.review.CleanLog;
import dev.homeward.files.HadoopFiles;
import dev.homeward.logs.LogOptions;
import dev.homeward.spark.SparkWorkers;
import dev.homeward.workers.Workers;
import dev.homeward.progress.Progress;
import dev.homeward.validate.Validation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Homeward and DuckDB on one file of LiteLLM spend logs, side by side in one run: (a) sums by
 * workload, model, class and month; (b) the calls without copies, sorted by workload and time, as
 * zstd Parquet with the columns of calls/. Each engine is a process of its own that has started
 * before anything is timed; they take turns, and each result is the median of the rounds. DuckDB
 * gets two threads and 4 GB, Homeward two tasks and a heap of 3 GB.
 *
 * <pre>
 * IngestComparison [CALLS [ROUNDS [FOLDER]]]
 * </pre>
 */
public final class IngestComparison {
  private static final int THREADS = 2;

  /** What the script {@code homeward} gives the JVM for speed; DuckDB's own threads know no JVM. */
  private static final List<String> AS_STARTED =
      List.of(
          "-XX:+UseParallelGC",
          "-XX:Tier4InvocationThreshold=20000",
          "-XX:Tier4MinInvocationThreshold=2400",
          "-XX:Tier4CompileThreshold=60000",
          "-XX:Tier4BackEdgeThreshold=160000");

  private static final String SUMS = "sums";
  private static final String CALLS = "calls";

  private IngestComparison() {}

  /** Runs the comparison, or one of its two engines. */
  public static void main(String[] args) throws Exception {
    if (args.length == 3 && args[0].equals("--engine")) {
      serve(args[1].equals("duckdb") ? new Duck(args[2]) : new Homeward(args[2]));
      return;
    }
    long calls = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Path folder = Path.of(args.length > 2 ? args[2] : "target/comparison");
    Path file = folder.resolve("spend-%d.jsonl".formatted(calls));
    SpendLogMaker.make(file, calls);
    System.out.printf(
        Locale.ROOT, "%,d calls, %,d bytes, medians of %d%n", calls, Files.size(file), rounds);
    try (Engine duckdb = new Engine("duckdb", file);
        Engine homeward = new Engine("homeward", file)) {
      for (String work : List.of(SUMS, CALLS)) {
        List<Double> duck = new ArrayList<>();
        List<Double> home = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          duck.add(duckdb.run(work));
          home.add(homeward.run(work));
          System.out.printf(
              Locale.ROOT, "%s: DuckDB %.2f s, Homeward %.2f s%n", work, last(duck), last(home));
        }
        System.out.printf(
            Locale.ROOT,
            "| %s | %.1f s | %.1f s | %.2f |%n",
            work,
            median(duck),
            median(home),
            median(home) / median(duck));
      }
      System.out.printf(
          Locale.ROOT,
          "peak memory: DuckDB %.2f GiB, Homeward %.2f GiB%n",
          duckdb.run("memory"),
          homeward.run("memory"));
    }
  }

  private static double last(List<Double> times) {
    return times.get(times.size() - 1);
  }

  private static double median(List<Double> times) {
    List<Double> sorted = times.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A process that does as it is told, line by line, and answers with a number. */
  private static final class Engine implements AutoCloseable {
    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    Engine(String name, Path file) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx3g");
      command.addAll(AS_STARTED);
      for (String opened :
          new String[] {
            "java.nio", "java.lang", "java.lang.invoke", "java.util", "java.util.concurrent",
            "java.net", "java.io", "sun.nio.ch", "sun.nio.cs", "sun.util.calendar",
            "java.util.concurrent.atomic", "sun.security.action"
          }) {
        command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
      }
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(IngestComparison.class.getName());
      command.addAll(List.of("--engine", name, file.toString()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      answer();
    }

    double run(String work) throws IOException {
      orders.println(work);
      return answer();
    }

    private double answer() throws IOException {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("answer ")) {
          return Double.parseDouble(line.substring("answer ".length()));
        }
      }
      throw new IOException("the engine has ended");
    }

    @Override
    public void close() {
      orders.close();
      process.destroy();
    }
  }

  private interface Work {
    void sums() throws Exception;

    void calls() throws Exception;
  }

  private static void serve(Work engine) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("answer 0");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      long from = System.nanoTime();
      switch (order) {
        case SUMS -> engine.sums();
        case CALLS -> engine.calls();
        default -> {
          System.out.println("answer " + peakGib());
          continue;
        }
      }
      System.out.println("answer " + (System.nanoTime() - from) / 1e9);
    }
    System.exit(0);
  }

  /** Most memory the process has held, as Linux counts it. */
  private static double peakGib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1048576.0;
      }
    }
    return Double.NaN;
  }

  private static final class Homeward implements Work {
    private final Workers workers;
    private final LogOptions options;
    private final Path out;

    Homeward(String file) {
      workers =
          SparkWorkers.start(Optional.of("local[%d]".formatted(THREADS)), quiet());
      options =
          new LogOptions(
              List.of(file),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              false,
              1,
              Optional.empty(),
              List.of());
      out = Path.of(file + ".homeward");
    }

    @Override
    public void sums() {
      new Validation(
              HadoopFiles.standalone(), options, false, Validation.Values.HIDDEN, quiet())
          .run();
    }

    @Override
    public void calls() throws IOException {
      if (Files.exists(out)) {
        try (Stream<Path> files = Files.walk(out)) {
          for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      new CleanLog(options, 0, quiet()).run(out.toString(), workers);
    }

    private static Progress quiet() {
      return new Progress(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }
  }

  private static final class Duck implements Work {
    private static final String SOURCE =
        "read_json('%s', format='newline_delimited', columns={request_id:'VARCHAR', spend:'DOUBLE',"
            + " prompt_tokens:'BIGINT', completion_tokens:'BIGINT', startTime:'TIMESTAMP',"
            + " endTime:'TIMESTAMP', model:'VARCHAR', custom_llm_provider:'VARCHAR',"
            + " cache_hit:'VARCHAR', status:'VARCHAR', call_type:'VARCHAR', request_tags:'VARCHAR[]',"
            + " metadata:'STRUCT(additional_usage_values STRUCT(cache_read_input_tokens BIGINT))'})";

    private static final String COLUMNS =
        "request_tags[1][5:] workload, model hosted_model, request_tags[2][12:] data_class,"
            + " epoch_us(startTime) started_at_us, custom_llm_provider provider,"
            + " NULL::VARCHAR region, model request_model, NULL::VARCHAR response_model,"
            + " 'chat' operation, 'standard' service_tier, 'metered' billing_mode,"
            + " NULL::VARCHAR \"owner\", epoch_us(endTime) - epoch_us(startTime) duration_us,"
            + " NULL::BIGINT ttft_us,"
            + " prompt_tokens - metadata.additional_usage_values.cache_read_input_tokens input_tokens,"
            + " metadata.additional_usage_values.cache_read_input_tokens cache_read_tokens,"
            + " 0::BIGINT cache_write_5m_tokens, 0::BIGINT cache_write_1h_tokens,"
            + " completion_tokens output_tokens, NULL::BIGINT reasoning_tokens,"
            + " NULL::BIGINT other_units, (spend * 1e9)::BIGINT logged_nano_usd, status,"
            + " NULL::BIGINT session, 0::BIGINT flags, 'spend.jsonl' source_file";

    private final Statement sql;
    private final String source;
    private final String out;

    Duck(String file) throws SQLException {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      sql = connection.createStatement();
      sql.execute("SET threads=" + THREADS);
      sql.execute("SET memory_limit='4GB'");
      sql.execute("SET preserve_insertion_order=false");
      sql.execute("SET temp_directory='%s.tmp'".formatted(file));
      source = SOURCE.formatted(file);
      out = file + ".duckdb.parquet";
    }

    @Override
    public void sums() throws SQLException {
      try (ResultSet rows =
          sql.executeQuery(
              "SELECT request_tags[1] w, model, request_tags[2] c, date_trunc('month', startTime) m,"
                  + " count(*), sum(prompt_tokens), sum(completion_tokens),"
                  + " sum(metadata.additional_usage_values.cache_read_input_tokens), sum(spend)"
                  + " FROM "
                  + source
                  + " GROUP BY ALL")) {
        while (rows.next()) {
          rows.getLong(5);
        }
      }
    }

    // Of several ways to remove copies (DISTINCT ON, DISTINCT, GROUP BY) the fastest on two
    // threads.
    @Override
    public void calls() throws SQLException {
      sql.execute(
          "COPY (SELECT * EXCLUDE (copy) FROM (SELECT "
              + COLUMNS
              + ", row_number() OVER (PARTITION BY request_id) copy FROM "
              + source
              + ") WHERE copy = 1 ORDER BY workload, hosted_model, data_class, started_at_us)"
              + " TO '"
              + out
              + "' (FORMAT parquet, COMPRESSION zstd)");
    }
  }
}
