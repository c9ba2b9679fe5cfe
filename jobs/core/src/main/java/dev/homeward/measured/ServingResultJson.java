package dev.homeward.measured;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Reads the results of load generators with a steady number of callers, told apart by their keys:
 *
 * <ul>
 *   <li>{@code vllm bench serve --save-result}, SGLang's bench_serving: {@code mean_ttft_ms,
 *       mean_tpot_ms, max_concurrency, completed, total_input_tokens, total_output_tokens,
 *       model_id};
 *   <li>GenAI-Perf, AIPerf: {@code time_to_first_token.avg, inter_token_latency.avg,
 *       input_sequence_length.avg, output_sequence_length.avg} and the concurrency of {@code
 *       input_config} ({@code loadgen.concurrency}, {@code perf_analyzer.stimulus.concurrency});
 *   <li>GuideLLM: for each of {@code benchmarks} {@code config.strategy} ({@code streams}, {@code
 *       max_concurrency}) and the means of successful calls in {@code metrics}.
 * </ul>
 *
 * <p>None says what served: engine, accelerators and weight format are the caller's. A run at a
 * rate of calls instead of a number of callers is no serving point and is named as such.
 */
public final class ServingResultJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ServingResultJson() {}

  /**
   * What served.
   *
   * @param model the name that stands where the file names none
   */
  public record Server(
      String engine, String accelerator, String weights, int accelerators, String model) {}

  /**
   * A file's points.
   *
   * @param problems gets one line for each result that cannot be used; the others are kept
   * @throws InvalidInput if the file is not JSON, or JSON of something else
   */
  public static List<ServingPoint> read(Path file, Server server, List<String> problems) {
    List<ServingPoint> points = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        JSON.readerFor(JsonNode.class).readValues(Files.readAllBytes(file))) {
      int n = 0;
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        n++;
        if (document.has("benchmarks")) {
          int b = 0;
          for (JsonNode benchmark : document.get("benchmarks")) {
            add(file, n + "." + ++b, benchmark, server, points, problems);
          }
        } else {
          add(file, Integer.toString(n), document, server, points, problems);
        }
      }
    } catch (JacksonException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    return points;
  }

  private static void add(
      Path file,
      String place,
      JsonNode result,
      Server server,
      List<ServingPoint> points,
      List<String> problems) {
    String source = file.getFileName() + ":" + place;
    try {
      if (result.has("mean_tpot_ms")) {
        points.add(vllm(source, result, server));
      } else if (result.has("inter_token_latency")) {
        points.add(aiPerf(source, result, server));
      } else if (result.path("metrics").has("inter_token_latency_ms")) {
        points.add(guideLlm(source, result, server));
      } else {
        throw new InvalidInput(
            "Cannot read %s: no result of vllm bench serve, GenAI-Perf, AIPerf or GuideLLM"
                .formatted(source));
      }
    } catch (IllegalArgumentException e) {
      problems.add(source + ": " + e.getMessage());
    }
  }

  private static ServingPoint vllm(String source, JsonNode r, Server server) {
    double completed = positive(r, "completed");
    return point(
        source,
        r.path("model_id").asText(server.model()),
        callers(r.path("max_concurrency"), "max_concurrency"),
        positive(r, "total_input_tokens") / completed,
        positive(r, "total_output_tokens") / completed,
        positive(r, "mean_ttft_ms"),
        positive(r, "mean_tpot_ms"),
        server);
  }

  private static ServingPoint aiPerf(String source, JsonNode r, Server server) {
    JsonNode config = r.path("input_config");
    JsonNode callers = config.at("/loadgen/concurrency");
    if (callers.isMissingNode()) {
      callers = config.at("/perf_analyzer/stimulus/concurrency");
    }
    String model = config.at("/endpoint/model_names/0").asText("");
    if (model.isEmpty()) {
      model = config.at("/model_names/0").asText(server.model());
    }
    return point(
        source,
        model,
        callers(callers, "concurrency"),
        positive(r.path("input_sequence_length"), "avg"),
        positive(r.path("output_sequence_length"), "avg"),
        millis(r.path("time_to_first_token")),
        millis(r.path("inter_token_latency")),
        server);
  }

  private static ServingPoint guideLlm(String source, JsonNode r, Server server) {
    JsonNode strategy = r.at("/config/strategy");
    JsonNode callers = strategy.path("streams");
    if (callers.isMissingNode()) {
      callers = strategy.path("max_concurrency");
    }
    JsonNode metrics = r.get("metrics");
    return point(
        source,
        r.at("/config/backend/model").asText(server.model()),
        callers(callers, "config.strategy.streams"),
        mean(metrics, "prompt_token_count"),
        mean(metrics, "output_token_count"),
        mean(metrics, "time_to_first_token_ms"),
        mean(metrics, "inter_token_latency_ms"),
        server);
  }

  private static ServingPoint point(
      String source,
      String model,
      int callers,
      double prompt,
      double output,
      double ttft,
      double tpot,
      Server server) {
    return new ServingPoint(
        source,
        "",
        server.engine(),
        "",
        model,
        server.accelerator(),
        server.weights(),
        server.weights(),
        server.accelerators(),
        false,
        callers,
        prompt,
        output,
        OptionalDouble.of(ttft),
        OptionalDouble.of(tpot),
        "");
  }

  private static int callers(JsonNode node, String key) {
    if (!node.isInt() || node.intValue() < 1) {
      throw new IllegalArgumentException(
          "no steady number of callers (%s: %s)".formatted(key, node.asText("missing")));
    }
    return node.intValue();
  }

  private static double mean(JsonNode metrics, String key) {
    return positive(metrics.path(key).path("successful"), "mean", key);
  }

  private static double millis(JsonNode metric) {
    double value = positive(metric, "avg");
    return switch (metric.path("unit").asText("ms")) {
      case "ms" -> value;
      case "us" -> value / 1e3;
      case "ns" -> value / 1e6;
      case "s", "sec" -> value * 1e3;
      default ->
          throw new IllegalArgumentException(
              "Unknown unit: %s (ms, us, ns or s)".formatted(metric.path("unit").asText()));
    };
  }

  private static double positive(JsonNode node, String key) {
    return positive(node, key, key);
  }

  private static double positive(JsonNode node, String key, String name) {
    JsonNode value = node.path(key);
    if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > 1e12) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (a positive number)".formatted(name, value.asText("missing")));
    }
    return value.doubleValue();
  }
}
