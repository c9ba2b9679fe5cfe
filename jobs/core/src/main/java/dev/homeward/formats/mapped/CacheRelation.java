package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Mapping.Counted;
import dev.homeward.formats.mapped.TableSample.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a table counts cached tokens inside of its input and reasoning inside of its
 * output: by its totals, by counts that cannot be otherwise, or by the names of a provider's own
 * object. Where nothing tells, it is asked.
 */
final class CacheRelation {
  private static final Set<String> DETAILS = Set.of("details", "detail");
  private static final Set<String> PART =
      Set.of(
          "davon", "thereof", "which", "incl", "included", "including", "dont", "portion", "part");
  private static final BigDecimal[] NONE = {};

  private final Draft draft;
  private final Set<Counted> cachedFits = EnumSet.noneOf(Counted.class);
  private final Set<Counted> reasoningFits = EnumSet.noneOf(Counted.class);

  CacheRelation(Draft draft) {
    this.draft = draft;
  }

  void find() {
    byTotals();
    if (draft.has(MappedField.CACHE_READ_TOKENS)
        || draft.has(MappedField.CACHE_WRITE_TOKENS)
        || draft.has(MappedField.CACHE_WRITE_1H_TOKENS)) {
      cached();
    }
    if (draft.has(MappedField.REASONING_TOKENS)) {
      reasoning();
    }
  }

  private BigDecimal[] numbers(MappedField field) {
    Column column = draft.column(field);
    return column == null ? NONE : draft.values(column).numbers();
  }

  private static BigDecimal at(BigDecimal[] numbers, int row) {
    return row >= numbers.length || numbers[row] == null ? BigDecimal.ZERO : numbers[row];
  }

  /** Which of the ways to count explain every total of the sample. */
  private void byTotals() {
    BigDecimal[] total = numbers(MappedField.TOTAL_TOKENS);
    BigDecimal[] input = numbers(MappedField.INPUT_TOKENS);
    BigDecimal[] output = numbers(MappedField.OUTPUT_TOKENS);
    if (total.length == 0 || input.length == 0 || output.length == 0) {
      return;
    }
    for (Counted cached : Counted.values()) {
      for (Counted reasoning : Counted.values()) {
        boolean explains = true;
        boolean seen = false;
        for (int row = 0; row < total.length && explains; row++) {
          if (total[row] == null || input[row] == null || output[row] == null) {
            continue;
          }
          BigDecimal sum = input[row].add(output[row]);
          sum = cached == Counted.BESIDE ? sum.add(cacheAt(row)) : sum;
          sum =
              reasoning == Counted.BESIDE
                  ? sum.add(at(numbers(MappedField.REASONING_TOKENS), row))
                  : sum;
          explains = sum.compareTo(total[row]) == 0;
          seen = true;
        }
        if (explains && seen) {
          cachedFits.add(cached);
          reasoningFits.add(reasoning);
        }
      }
    }
  }

  private BigDecimal cacheAt(int row) {
    return at(numbers(MappedField.CACHE_READ_TOKENS), row)
        .add(
            at(numbers(MappedField.CACHE_WRITE_TOKENS), row)
                .max(at(numbers(MappedField.CACHE_WRITE_1H_TOKENS), row)));
  }

  private void cached() {
    BigDecimal[] input = numbers(MappedField.INPUT_TOKENS);
    boolean exceeds = false;
    for (int row = 0; row < input.length; row++) {
      exceeds |= input[row] != null && cacheAt(row).compareTo(input[row]) > 0;
    }
    Column inputColumn = draft.column(MappedField.INPUT_TOKENS);
    List<String> words = inputColumn == null ? List.of() : ColumnWords.of(inputColumn.leaf);
    boolean uncached =
        words.contains("uncached") || words.contains("fresh") || words.contains("non");
    if (cachedFits.size() == 1) {
      cached(cachedFits.iterator().next(), "the totals say so");
    } else if (exceeds) {
      cached(Counted.BESIDE, "more is cached than the input has");
    } else if (uncached) {
      cached(Counted.BESIDE, "the input is called uncached");
    } else if (isBelowDetails(MappedField.CACHE_READ_TOKENS)) {
      cached(Counted.INSIDE, "details of the input are parts of it, as OpenAI counts");
    } else if (isCalledPart()) {
      cached(Counted.INSIDE, "it is called a part");
    } else if (isAnthropics()) {
      cached(Counted.BESIDE, "these are Anthropic's names, who counts so");
    } else if (words.contains("total")) {
      cached(Counted.INSIDE, "the input is called total");
    } else {
      Column column =
          draft.has(MappedField.CACHE_READ_TOKENS)
              ? draft.column(MappedField.CACHE_READ_TOKENS)
              : draft.column(
                  draft.has(MappedField.CACHE_WRITE_TOKENS)
                      ? MappedField.CACHE_WRITE_TOKENS
                      : MappedField.CACHE_WRITE_1H_TOKENS);
      draft.cachedUnknown = true;
      draft.ask(
          true,
          "Does %s contain %s, or are they counted beside each other? Cached tokens cost a tenth."
              .formatted(
                  inputColumn == null ? "the input" : MappingText.shown(inputColumn),
                  MappingText.shown(column)),
          "cached-input: inside (as OpenAI counts), or beside (as Anthropic counts)");
    }
  }

  private void cached(Counted counted, String why) {
    draft.cachedInput = Optional.of(counted);
    draft.cachedWhy = why;
  }

  private boolean isBelowDetails(MappedField field) {
    Column column = draft.column(field);
    return column != null && ColumnWords.of(column.above).stream().anyMatch(DETAILS::contains);
  }

  /** Whether the cached tokens are called a part of something: "of which cached". */
  private boolean isCalledPart() {
    Column read = draft.column(MappedField.CACHE_READ_TOKENS);
    return read != null && ColumnWords.of(read.leaf).stream().anyMatch(PART::contains);
  }

  private boolean isAnthropics() {
    Column input = draft.column(MappedField.INPUT_TOKENS);
    Column read = draft.column(MappedField.CACHE_READ_TOKENS);
    return input != null
        && read != null
        && ColumnWords.plain(input.leaf).equals("inputtokens")
        && ColumnWords.plain(read.leaf).equals("cachereadinputtokens");
  }

  private void reasoning() {
    BigDecimal[] output = numbers(MappedField.OUTPUT_TOKENS);
    BigDecimal[] reasoning = numbers(MappedField.REASONING_TOKENS);
    boolean exceeds = false;
    for (int row = 0; row < output.length; row++) {
      exceeds |= output[row] != null && at(reasoning, row).compareTo(output[row]) > 0;
    }
    if (reasoningFits.size() == 1) {
      reasoning(reasoningFits.iterator().next(), "the totals say so");
    } else if (exceeds) {
      reasoning(Counted.BESIDE, "there is more reasoning than output");
    } else if (isBelowDetails(MappedField.REASONING_TOKENS)) {
      reasoning(Counted.INSIDE, "details of the output are parts of it, as OpenAI counts");
    } else if (onlyMakersThatCountInside()) {
      reasoning(Counted.INSIDE, "the makers of these models count so");
    } else {
      draft.reasoningUnknown = true;
      draft.ask(
          true,
          "Does %s contain %s, or are they counted beside each other?"
              .formatted(
                  draft.has(MappedField.OUTPUT_TOKENS)
                      ? MappingText.shown(draft.column(MappedField.OUTPUT_TOKENS))
                      : "the output",
                  MappingText.shown(draft.column(MappedField.REASONING_TOKENS))),
          "reasoning: inside (as OpenAI and Anthropic count), or beside (as Gemini's API counts thoughts)");
    }
  }

  private void reasoning(Counted counted, String why) {
    draft.reasoning = Optional.of(counted);
    draft.reasoningWhy = why;
  }

  /** OpenAI and Anthropic bill reasoning as output, and count it there; Gemini and xAI may not. */
  private boolean onlyMakersThatCountInside() {
    Column model = draft.column(MappedField.REQUEST_MODEL);
    if (model == null || model.known().isEmpty()) {
      return false;
    }
    List<String> others = new ArrayList<>();
    for (String name : model.known()) {
      String plain = name.toLowerCase(Locale.ROOT);
      boolean inside =
          plain.contains("gpt") || plain.contains("claude") || plain.matches("(.*/)?o[1345](-.*)?");
      if (!inside && !plain.contains("embed")) {
        others.add(plain);
      }
    }
    return others.isEmpty();
  }
}
