package dev.homeward.keeping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.WorkloadProfile;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CodecTest {
  private static final String FLEET =
      "{\"replicas\":2,\"in_flight_cap\":3,\"prefix_cache_as_logged\":true,\"prefix_cache_share\":0.25,"
          + "\"ttft_p95_limit_us\":4,\"tpot_p95_limit_us\":5,\"e2e_p95_limit_us\":6,"
          + "\"complete_within_us\":7,\"hours_per_day\":8,\"start_hour\":9,\"day_offset_us\":10,"
          + "\"release_after_us\":11,\"cold_start_us\":12,\"calls\":60,\"local_calls\":40,"
          + "\"overflow_calls\":15,\"too_long_calls\":5,\"api_use\":[{\"hosted_model\":\"m\","
          + "\"provider\":\"p\",\"service_tier\":\"batch\",\"above_input_tokens\":-1,"
          + "\"up_to_input_tokens\":200000,\"calls\":20,\"input_tokens\":21,\"cache_read_tokens\":22,"
          + "\"cache_write_5m_tokens\":23,\"cache_write_1h_tokens\":24,\"output_tokens\":25}],"
          + "\"prompt_tokens\":26,\"output_tokens\":27,\"ttft_mean_us\":28.5,\"ttft_p50_us\":29,"
          + "\"ttft_p95_us\":30,\"ttft_p99_us\":31,\"e2e_p50_us\":32,\"e2e_p95_us\":33,"
          + "\"e2e_p99_us\":34,\"slo_attainment\":0.5,\"meets_service_level\":true,"
          + "\"utilization\":0.125,\"busy_ns\":35,\"busy_load\":0.75,\"up_ns\":36,\"observed_ns\":37,"
          + "\"peak_in_flight\":38,\"peak_queue\":39,\"kv_peak_share\":0.0625,\"preemptions\":41,"
          + "\"cold_starts\":42,\"refused_calls\":43,\"closed_loop\":true,\"saturated\":false,"
          + "\"busy_by_clock\":[0.5,0.25],\"hours\":{\"busy_share\":[0.125],\"calls\":[44],"
          + "\"within_level\":[45],\"overflow\":[46]}}";

  @Test
  void aFleetIsTheSameAfterEveryStepOfItsWay() {
    Fleet kept = Codec.read(FLEET, Fleet.class);
    assertEquals(FLEET, Codec.write(kept));
    assertEquals(FLEET, Codec.write(Fleet.of(kept.replayed())));
    // Figures by name, so that two of them cannot have changed places on both ways.
    var result = kept.replayed().result();
    assertEquals(40, result.localCalls());
    assertEquals(15, result.overflowCalls());
    assertEquals(OptionalLong.of(30), result.ttftP95Micros());
    assertEquals(OptionalLong.empty(), result.tpotP50Micros());
    assertEquals(39, result.peakQueue());
    assertEquals(20, result.apiUse().calls());
    assertEquals(46, result.hours().overflow()[0]);
    assertEquals(11, kept.replayed().options().releaseAfterMicros());
    assertEquals(7, kept.replayed().options().serviceLevel().completeWithinMicros());
    assertTrue(kept.replayed().options().closedLoop());
  }

  @Test
  void linesOfReplaysAreTheSameAfterBothWays() {
    String on = "\"local_model\":\"l\",\"quantization\":\"q\",\"engine\":\"e\",\"hardware\":\"h\"";
    String key = "\"workload\":\"w\",\"hosted_model\":\"m\",\"data_class\":\"d\"";
    String answer =
        "{\"fingerprint\":\"f\",\"workloads\":[{%s}],%s,\"volume\":0.5,\"most_replicas\":16,\"fleets\":[%s]}"
            .formatted(key, on, FLEET);
    assertEquals(answer, Codec.write(Codec.read(answer, Replayed.Answer.class)));
    String chosen = "{%s,%s,\"fleet\":%s}".formatted(key, on, FLEET);
    assertEquals(chosen, Codec.write(Codec.read(chosen, Replayed.Chosen.class)));
  }

  /** What 0.1.0 wrote is written again as it was, but for keys that are no more. */
  @Test
  void whatAnEarlierVersionWroteIsTheSameAfterBothWays() throws IOException {
    Path review = Path.of("../cli/src/test/resources/written-by/0.1.0");
    again(review, KeptFile.WORKLOADS, WorkloadProfile.class);
    again(review, KeptFile.SPEND, WorkloadSpend.class);
    again(review, KeptFile.REPLAYS, Replayed.Answer.class);
    again(review, KeptFile.HOURS, Replayed.Chosen.class);
    String settings = text(review, KeptFile.SETTINGS);
    assertEquals(
        settings,
        Codec.pretty(Codec.file(KeptFile.SETTINGS, settings, KeptSettings.class, "settings.json")));
    String decisions = text(review, KeptFile.DECISIONS);
    assertEquals(
        decisions.replaceAll("\\s*\"overflow_weight\" : \\d+,", ""),
        Codec.pretty(Codec.file(KeptFile.DECISIONS, decisions, Decisions.class, "decisions.json")));
  }

  private static <T> void again(Path review, KeptFile file, Class<T> type) throws IOException {
    List<String> written = text(review, file).lines().toList();
    assertTrue(!written.isEmpty());
    List<String> expected = new ArrayList<>();
    for (String line : written) {
      expected.add(
          line.replaceAll("\"overflow_weight\":\\d+,", "").replaceAll("\"prices\":\"\\w+\",", ""));
    }
    List<T> read = Codec.lines(file, written, type, file.path());
    assertEquals(expected, Codec.lines(read).lines().toList());
  }

  private static String text(Path review, KeptFile file) throws IOException {
    return Files.readString(review.resolve(file.path()));
  }

  /** Parts that the earlier review does not have. */
  @Test
  void decisionsWithEverythingAreTheSameAfterBothWays() {
    Decisions.Weighed weighed =
        new Decisions.Weighed(
            "l",
            "q",
            "e",
            "h",
            OptionalInt.of(-1),
            2,
            OptionalDouble.of(0.1),
            Optional.of("kind"),
            Optional.of("source"),
            Optional.of("code"),
            Optional.of("why"),
            Optional.of(new Decisions.Evidence("metric", 1, 2, 3, 4, 5, "method", true)),
            OptionalInt.of(6),
            OptionalDouble.of(7),
            OptionalDouble.empty(),
            OptionalDouble.of(8),
            OptionalDouble.of(9),
            Optional.of(List.of(new Decisions.Cost("n", "a", 10))),
            OptionalDouble.of(11),
            Optional.of(Codec.read(FLEET, Fleet.class).withoutClock()));
    Decisions.Workload workload =
        new Decisions.Workload(
            Map.of("workload", "w"),
            "",
            "BATCH",
            Optional.of("no price"),
            1,
            2,
            3,
            4,
            List.of(),
            List.of(),
            List.of(new Decisions.Reason("c", "s")),
            Optional.of(new Decisions.Cash(1, 2, 3, 4)),
            Optional.of(weighed),
            OptionalLong.of(5),
            Optional.of(new Decisions.Evaluation("l", 5, 6, 7, 0.1, 2, OptionalDouble.of(0.3))),
            List.of(new Decisions.Violation("p", "r", 6)),
            Optional.of(
                new Decisions.Flip(
                    OptionalDouble.of(7),
                    true,
                    8,
                    9,
                    List.of(new Decisions.Interval(10, 11)),
                    "why")),
            Optional.of(List.of(new Decisions.Volume(1, 2, 3, 4, 5, 6))),
            Optional.of(
                new Decisions.Futures(1, 2, 3, 0.5, List.of(new Decisions.Cause("i", "s", 0.5)))),
            Optional.of(new Decisions.Growth(1, 2, 3, "source")),
            Optional.of(
                new Decisions.PrefixCache(
                    5,
                    4,
                    3,
                    2,
                    new Decisions.PrefixCase(
                        OptionalLong.of(1), OptionalInt.of(2), OptionalDouble.of(3)),
                    Optional.of(
                        new Decisions.PrefixCase(
                            OptionalLong.empty(), OptionalInt.empty(), OptionalDouble.empty())),
                    Optional.empty())),
            Optional.of(
                new Decisions.Move(
                    1,
                    2,
                    Optional.of(new Decisions.On("l", "q", "e", "h")),
                    Optional.of(new Decisions.Futures(1, 2, 3, 0.5, List.of())))),
            Optional.of(new Decisions.Move(3, 4, Optional.empty(), Optional.empty())),
            Optional.of(List.of(new Decisions.Way("alone", 5, "a box of its own"))),
            List.of(weighed),
            Optional.of(new Decisions.OnModel("m", "large", Optional.of("medium"))),
            Optional.of(List.of(new Decisions.OtherModel("n", "large", true, 12, 13, 14))));
    String written =
        Codec.pretty(new Decisions("2026-10", 744, 1, List.of(workload), Optional.empty()));
    Decisions read = Codec.file(KeptFile.DECISIONS, written, Decisions.class, "decisions.json");
    assertEquals(written, Codec.pretty(read));
    Decisions.Workload w = read.workloads().get(0);
    assertEquals(workload.flip(), w.flip());
    assertEquals(workload.outlook(), w.outlook());
    assertEquals(workload.evaluation(), w.evaluation());
    assertEquals(workload.plan(), w.plan());
    assertEquals(workload.waiting(), w.waiting());
    assertEquals(workload.waysToComply(), w.waysToComply());
    assertEquals(weighed.rung(), w.chosen().orElseThrow().rung());
    assertEquals(workload.pricedOn(), w.pricedOn());
    assertEquals(workload.otherApiModels(), w.otherApiModels());
    assertEquals(weighed.evidence(), w.chosen().orElseThrow().evidence());
    assertEquals(OptionalDouble.empty(), w.chosen().orElseThrow().overflowUsd());
  }

  @ParameterizedTest
  @EnumSource(KeptFile.class)
  void aNewerVersionIsRefusedByFileAndVersion(KeptFile file) {
    String text = "{\"version\":%d,\"other\":[]}".formatted(file.version() + 1);
    InvalidInput e =
        assertThrows(InvalidInput.class, () -> Codec.tree(file, text, "r/" + file.path()));
    assertEquals(
        "Cannot read r/%s: it is of version %d, this program knows versions up to %d. Take a newer Homeward"
            .formatted(file.path(), file.version() + 1, file.version()),
        e.getMessage());
  }

  @Test
  void aDamagedLineIsNamed() {
    String good =
        "{%s}".formatted("\"workload\":\"w\",\"hosted_model\":\"m\",\"data_class\":\"d\"");
    for (String damaged : List.of(good.substring(0, 20), "", "[1]", good + "}", "{}")) {
      InvalidInput e =
          assertThrows(
              InvalidInput.class,
              () ->
                  Codec.lines(
                      KeptFile.HOURS, List.of(good, damaged), Replayed.Key.class, "r/h.jsonl"));
      assertTrue(e.getMessage().startsWith("Cannot read r/h.jsonl:2: it is damaged"), damaged);
    }
  }

  @Test
  void aFigureThatIsMissingIsNotZero() {
    String without = FLEET.replace("\"peak_queue\":39,", "");
    InvalidInput e =
        assertThrows(
            InvalidInput.class,
            () -> Codec.lines(KeptFile.HOURS, List.of(without), Fleet.class, "hours.jsonl"));
    assertTrue(e.getMessage().startsWith("Cannot read hours.jsonl:1: "), e.getMessage());
  }
}
