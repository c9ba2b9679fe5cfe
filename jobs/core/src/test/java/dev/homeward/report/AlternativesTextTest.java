package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.keeping.Decisions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class AlternativesTextTest {
  @Test
  void everyAlternativeIsListedByWhatBecameOfIt() {
    String text =
        AlternativesText.of(
            List.of(
                fallen("qwen3-8b", "rtx-5090", "not_cheaper", "at least $443.00 a month"),
                fallen(
                    "qwen3-8b",
                    "laptop",
                    "does_not_fit",
                    "16.4 GB of weights in 8.0 GB of memory, no room for a cache"),
                fallen(
                    "qwen3-8b",
                    "mini-pc",
                    "does_not_fit",
                    "16.4 GB of weights in 8.0 GB of memory, no room for a cache"),
                fallen("qwen3-8b", "h100", "not_cheaper", "at least $1900.00 a month"),
                fallen("llama-3.1-8b", "rtx-3090", "of_another_program", ""),
                weighed("qwen3-8b", "rtx-4090", Optional.empty(), "", OptionalDouble.of(443.6)),
                weighed("qwen3-8b", "rtx-3090", Optional.empty(), "", OptionalDouble.of(391.3))));
    assertEquals(
        """
        Alternatives weighed: 7.
          2 can be chosen, cheapest first:
            qwen3-8b fp16 vllm on rtx-3090
            qwen3-8b fp16 vllm on rtx-4090
          2 fell out: the model does not fit or does not run on the box (does_not_fit):
            qwen3-8b fp16 vllm on laptop, mini-pc: 16.4 GB of weights in 8.0 GB of memory, no room for a cache
          2 fell out: even idle it costs more than the best alternative: not replayed (not_cheaper):
            qwen3-8b fp16 vllm on rtx-5090 (at least $443.00 a month), h100 (at least $1900.00 a month)
          1 fell out: for a reason that this program does not know (of_another_program):
            llama-3.1-8b fp16 vllm on rtx-3090
        """,
        text);
  }

  private static Decisions.Weighed fallen(String model, String box, String code, String why) {
    return weighed(model, box, Optional.of(code), why, OptionalDouble.empty());
  }

  private static Decisions.Weighed weighed(
      String model, String box, Optional<String> code, String why, OptionalDouble usd) {
    return new Decisions.Weighed(
        model,
        "fp16",
        "vllm",
        box,
        OptionalInt.of(0),
        1,
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        code,
        Optional.of(why).filter(w -> !w.isEmpty()),
        Optional.empty(),
        OptionalInt.empty(),
        usd,
        OptionalDouble.of(0),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }
}
