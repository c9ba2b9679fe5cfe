package dev.homeward.catalog;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The words for {@link Scheduling} in engines.yaml, each with its keys and how they are read. */
public enum Scheduler {
  /** {@link Scheduling.ContinuousBatching}. */
  CONTINUOUS_BATCHING(
      f -> new Scheduling.ContinuousBatching(blockTokens(f), reservation(f)),
      "block-tokens",
      "reserves"),
  /** {@link Scheduling.PrefillFirst}. */
  PREFILL_FIRST(
      f -> new Scheduling.PrefillFirst(blockTokens(f), reservation(f)), "block-tokens", "reserves"),
  /** {@link Scheduling.Slots}. */
  SLOTS(f -> new Scheduling.Slots(buffer(f)), "kv"),
  /** {@link Scheduling.KeepAliveSlots}. */
  KEEP_ALIVE_SLOTS(
      f ->
          new Scheduling.KeepAliveSlots(
              buffer(f),
              new Scheduling.KeepAlive(f.figure("keep-alive-s"), f.figure("init-s")),
              f.node().has("max-queue")
                  ? OptionalInt.of(f.integer("max-queue", 0))
                  : OptionalInt.empty()),
      "kv",
      "keep-alive-s",
      "init-s",
      "max-queue"),
  /** {@link Scheduling.SmallBatch}. */
  SMALL_BATCH(
      f -> new Scheduling.SmallBatch(blockTokens(f), reservation(f)), "block-tokens", "reserves");

  private final Function<Fields, Scheduling> reader;
  private final List<String> keys;

  Scheduler(Function<Fields, Scheduling> reader, String... keys) {
    this.reader = reader;
    this.keys = List.of(keys);
  }

  /** The word, such as {@code continuous-batching}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads the {@code scheduling} of an engine.
   *
   * @throws IllegalArgumentException naming the word, key or value that is wrong
   */
  static Scheduling read(Fields f) {
    String word = f.text("scheduler");
    Scheduler scheduler =
        Arrays.stream(values())
            .filter(s -> s.word().equals(word))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Invalid scheduler: %s (one of %s)"
                            .formatted(
                                word,
                                Arrays.stream(values())
                                    .map(Scheduler::word)
                                    .collect(Collectors.joining(", ")))));
    Set<String> strange = new HashSet<>();
    f.node().fieldNames().forEachRemaining(strange::add);
    strange.remove("scheduler");
    scheduler.keys.forEach(strange::remove);
    if (!strange.isEmpty()) {
      throw new IllegalArgumentException(
          "Unknown keys of %s: %s (it has %s)"
              .formatted(
                  word,
                  strange.stream().sorted().collect(Collectors.joining(", ")),
                  scheduler.keys.isEmpty() ? "none" : String.join(", ", scheduler.keys)));
    }
    return scheduler.reader.apply(f);
  }

  private static int blockTokens(Fields f) {
    return f.integer("block-tokens", 1);
  }

  private static Scheduling.KvBuffer buffer(Fields f) {
    String word = f.optionalText("kv").orElse("unified");
    return switch (word) {
      case "unified" -> Scheduling.KvBuffer.UNIFIED;
      case "streams" -> Scheduling.KvBuffer.STREAMS;
      default ->
          throw new IllegalArgumentException("Invalid kv: %s (unified or streams)".formatted(word));
    };
  }

  private static Scheduling.KvReservation reservation(Fields f) {
    String word = f.optionalText("reserves").orElse("next-chunk");
    return switch (word) {
      case "next-chunk" -> Scheduling.KvReservation.NEXT_CHUNK;
      case "whole-output" -> Scheduling.KvReservation.WHOLE_OUTPUT;
      default ->
          throw new IllegalArgumentException(
              "Invalid reserves: %s (next-chunk or whole-output)".formatted(word));
    };
  }
}
