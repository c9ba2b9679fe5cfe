package dev.homeward.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * The document in two parts, as the page holds it: what the first screens show stands as it is, so
 * that they need nothing else; the rest is packed, to a tenth of its size, and unpacked once they
 * are painted. Put together, they are report.json.
 */
record PageData(ObjectNode first, ObjectNode later) {
  private static final Set<String> LATER = Set.of("texts", "data_quality", "usage_reports");

  private static final Set<String> LATER_OF_WORKLOAD =
      Set.of(
          "latency",
          "week_calls",
          "busiest_hour",
          "volumes",
          "sensitivities",
          "usd_per_million_tokens",
          "arithmetic",
          "alternatives");

  private static final Set<String> LATER_OF_METHOD = Set.of("sources");

  private static final Set<String> FIRST_OF_MONEY = Set.of("assumptions", "settable", "boxes");

  static PageData of(JsonNode document) {
    ObjectNode first = JsonNodeFactory.instance.objectNode();
    ObjectNode later = JsonNodeFactory.instance.objectNode();
    document
        .properties()
        .forEach(
            e -> {
              switch (e.getKey()) {
                case "workloads" -> {
                  var firstOf = first.putArray("workloads");
                  var laterOf = later.putArray("workloads");
                  e.getValue()
                      .forEach(
                          w ->
                              divide(
                                  w,
                                  firstOf.addObject(),
                                  laterOf.addObject(),
                                  key -> !LATER_OF_WORKLOAD.contains(key)));
                }
                case "method" ->
                    divide(
                        e.getValue(),
                        first.putObject("method"),
                        later.putObject("method"),
                        key -> !LATER_OF_METHOD.contains(key));
                case "money" ->
                    divide(
                        e.getValue(),
                        first.putObject("money"),
                        later.putObject("money"),
                        FIRST_OF_MONEY::contains);
                default ->
                    (LATER.contains(e.getKey()) ? later : first).set(e.getKey(), e.getValue());
              }
            });
    return new PageData(first, later);
  }

  private static void divide(
      JsonNode of, ObjectNode first, ObjectNode later, Predicate<String> isFirst) {
    of.properties()
        .forEach(e -> (isFirst.test(e.getKey()) ? first : later).set(e.getKey(), e.getValue()));
  }

  /** The rest as zlib packs it, in characters that a page may hold. */
  String packed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      out.write(later.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack the report", e);
    } finally {
      deflater.end();
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
