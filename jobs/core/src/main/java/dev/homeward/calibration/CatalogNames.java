package dev.homeward.calibration;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The catalog's entries behind the names that files of measurements use. */
public final class CatalogNames {
  private static final Map<String, String> ENGINES =
      Map.of("trtllm", "tensorrt-llm", "llamacpp", "llama.cpp");

  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("", "fp16"),
          Map.entry("f16", "fp16"),
          Map.entry("bf16", "fp16"),
          Map.entry("float16", "fp16"),
          Map.entry("bfloat16", "fp16"),
          Map.entry("fp8_block", "fp8"),
          Map.entry("fp4", "nvfp4"),
          Map.entry("int4_wo", "int4-experts"),
          Map.entry("int4", "int4-experts"),
          Map.entry("w4a16_mxfp4", "mxfp4"),
          Map.entry("awq", "awq-4bit"),
          Map.entry("gptq", "gptq-4bit"));

  /** llama-bench names a format in words after the model's: {@code llama 8B Q4_K - Medium}. */
  private static final Map<String, String> WORDS =
      Map.of(
          "q4_k - medium", "q4_k_m",
          "q5_k - medium", "q5_k_m",
          "q5_k - small", "q5_k_s",
          "q8_0", "q8_0",
          "f16", "fp16",
          "bf16", "fp16",
          "mxfp4", "mxfp4");

  private final Catalog catalog;
  private final Map<String, String> models;

  /**
   * @param models ids of the catalog by the name that a file uses, over what would be found
   */
  public CatalogNames(Catalog catalog, Map<String, String> models) {
    this.catalog = catalog;
    this.models = new TreeMap<>(models);
    models.values().forEach(catalog::model);
  }

  /** The catalog that names are looked up in. */
  public Catalog catalog() {
    return catalog;
  }

  /**
   * An engine in the version that a file names: today's where it names none.
   *
   * @param build month, build or release as the file writes it; may be empty
   */
  Optional<Engine> engine(String name, String build) {
    String lower = name.toLowerCase(Locale.ROOT);
    String id = ENGINES.getOrDefault(lower, lower);
    return catalog.engines().stream()
        .filter(e -> e.id().equals(id))
        .findFirst()
        .map(e -> e.id().equals(e.line()) ? catalog.engine(id, build) : e);
  }

  /**
   * The catalog's model whose id is the longest that the name begins with. A distillation is never
   * taken for the model it was distilled from.
   */
  Optional<LocalModel> model(String name) {
    String given = models.get(name);
    if (given != null) {
      return Optional.of(catalog.model(given));
    }
    String last = name.substring(name.lastIndexOf('/') + 1);
    // Names of files have a line where the owner of a model ends.
    return named(last)
        .or(
            () ->
                last.contains("_")
                    ? named(last.substring(last.indexOf('_') + 1))
                    : Optional.empty());
  }

  private Optional<LocalModel> named(String name) {
    String words = words(name).replaceFirst("^meta-", "");
    boolean distilled = words.contains("distill");
    return catalog.models().stream()
        .filter(m -> words.startsWith(words(m.id())))
        .filter(m -> m.id().contains("distill") == distilled)
        .max(Comparator.comparingInt(m -> m.id().length()));
  }

  /**
   * The accelerator of that id, or the one of the shortest id that begins with it, or that ends
   * with it if dashes are left out ({@code pro6000}).
   */
  Optional<Accelerator> accelerator(String name) {
    String words =
        words(name)
            .replaceFirst("^nvidia ", "")
            .replaceFirst("^geforce ", "")
            .replaceFirst(" laptop gpu$", "-laptop")
            .replace(' ', '-');
    if (words.isEmpty()) {
      return Optional.empty();
    }
    return accelerator(id -> id.startsWith(words))
        .or(() -> accelerator(id -> id.replace("-", "").endsWith(words.replace("-", ""))));
  }

  private Optional<Accelerator> accelerator(Predicate<String> is) {
    return catalog.accelerators().stream()
        .filter(a -> is.test(words(a.id())))
        .min(Comparator.comparingInt(a -> a.id().length()));
  }

  /** A weight format by the name that an engine's own files give it. */
  Optional<Quantization> format(String name, Engine engine) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String id : engine.support().quantizations()) {
      Optional<Quantization> loads = byId(id);
      if (loads.isPresent() && (id.equals(lower) || loads.get().aka().contains(lower))) {
        return loads;
      }
    }
    return format(name);
  }

  Optional<Quantization> format(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String id = FORMATS.getOrDefault(lower, lower);
    Optional<Quantization> found = byId(id);
    if (found.isPresent()) {
      return found;
    }
    return WORDS.entrySet().stream()
        .filter(word -> lower.endsWith(" " + word.getKey()))
        .findFirst()
        .flatMap(word -> byId(word.getValue()));
  }

  private Optional<Quantization> byId(String id) {
    return catalog.quantizations().stream().filter(q -> q.id().equals(id)).findFirst();
  }

  private static String words(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
