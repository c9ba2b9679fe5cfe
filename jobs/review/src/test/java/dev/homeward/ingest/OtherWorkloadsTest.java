package dev.homeward.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which workloads have a row of their own, and which share one. */
final class OtherWorkloadsTest {
  private final List<IngestResult.Slice> slices = new ArrayList<>();

  private void has(String workload, String model, long calls, long input, long read, long output) {
    slices.add(
        new IngestResult.Slice(
            workload,
            model,
            "internal",
            calls,
            0,
            1,
            new IngestResult.Tokens(input, read, 0, output)));
  }

  private OtherWorkloads of(int most, String... named) {
    // Two files: a workload's calls lie in both.
    int half = slices.size() / 2;
    return OtherWorkloads.of(
        List.of(
            new IngestResult.Part("a", 1, slices.subList(0, half)),
            new IngestResult.Part("b", 1, slices.subList(half, slices.size()))),
        most,
        Set.of(named),
        PriceBook.standard());
  }

  private static List<String> apart(OtherWorkloads of) {
    return of.apart().stream().map(WorkloadKey::workload).toList();
  }

  private static List<String> others(OtherWorkloads of) {
    return of.others().stream().map(used -> used.key().workload()).toList();
  }

  @Test
  void whatCostsMostStandsAlone() {
    // gpt-4o costs 2.50 and 10 dollars a million tokens, gpt-4o-mini 0.15 and 0.60, 0.075 cached.
    has("cheap-many", "gpt-4o-mini", 9, 10_000_000, 0, 0); // $1.50
    has("cached", "gpt-4o-mini", 9, 0, 10_000_000, 0); // $0.75
    has("dear-few", "gpt-4o", 1, 500_000, 0, 0); // $1.25
    has("writes", "gpt-4o", 1, 0, 0, 200_000); // $2.00
    has("small-a", "gpt-4o-mini", 1, 0, 0, 1_000_000); // $0.60
    has("small-b", "gpt-4o-mini", 1, 4_000_000, 0, 0); // $0.60
    // The third is alone with its model then, and keeps its name.
    assertEquals(List.of("cheap-many", "dear-few", "writes"), apart(of(2)));
    OtherWorkloads three = of(3);
    assertEquals(List.of("cheap-many", "dear-few", "writes"), apart(three));
    assertEquals(List.of("cached", "small-a", "small-b"), others(three));
    assertEquals(1, three.rows());
  }

  @Test
  void writingToTheCacheCostsToo() {
    // Claude Sonnet 4 takes 3 dollars a million tokens, 3.75 where they are written to the cache.
    has("a", "claude-sonnet-4", 1, 11_000, 0, 0);
    has("b", "claude-sonnet-4", 1, 10_900, 0, 0);
    slices.add(
        new IngestResult.Slice(
            "written",
            "claude-sonnet-4",
            "internal",
            1,
            0,
            1,
            new IngestResult.Tokens(0, 0, 9_000, 0)));
    assertEquals(List.of("written"), apart(of(1)));
  }

  @Test
  void partsOfAWorkloadAddUp() {
    IngestResult.Slice first =
        new IngestResult.Slice(
            "w", "gpt-4o", "internal", 3, 10, 20, new IngestResult.Tokens(1, 2, 3, 4));
    IngestResult.Slice later =
        new IngestResult.Slice(
            "w", "gpt-4o", "internal", 4, 21, 30, new IngestResult.Tokens(50, 60, 70, 80));
    assertEquals(
        new IngestResult.Slice(
            "w", "gpt-4o", "internal", 7, 10, 30, new IngestResult.Tokens(51, 62, 73, 84)),
        first.plus(later));
  }

  @Test
  void whatIsUsedInSeveralFilesIsAddedUp() {
    has("twice", "gpt-4o", 1, 600_000, 0, 0);
    has("once", "gpt-4o", 1, 1_000_000, 0, 0);
    has("other", "gpt-4o", 1, 1_100_000, 0, 0);
    has("twice", "gpt-4o", 2, 600_000, 0, 5);
    OtherWorkloads one = of(1);
    assertEquals(List.of("twice"), apart(one));
    assertEquals(
        "workload,hosted_model,data_class,calls,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens\n"
            + "once,gpt-4o,internal,1,1000000,0,0,0\n"
            + "other,gpt-4o,internal,1,1100000,0,0,0\n",
        one.csv());
    assertEquals(
        List.of(
            "2 small workloads share a row, (other workloads), one a model and class: 2 calls. The other 1 have rows of their own (others.csv; most-workloads in the policy)"),
        one.lines());
  }

  @Test
  void aNamedOneStandsAlone() {
    for (int i = 0; i < 6; i++) {
      has("w" + i, "gpt-4o", 1, 1_000_000 - i, 0, 0);
    }
    assertEquals(List.of("w0", "w1", "w4"), apart(of(2, "w4", "nobody")));
  }

  @Test
  void ofModelsWithoutAPriceMostTokensCount() {
    for (int i = 0; i < 6; i++) {
      has("unknown" + i, "northstar-9", 1, 5_000 + i, i == 2 ? 9_000 : 0, 0);
      has("known" + i, "gpt-4o", 1, 10 - i, 0, 0);
    }
    OtherWorkloads four = of(4);
    assertEquals(
        List.of("known0", "known1", "known2", "known3", "unknown2", "unknown5"), apart(four));
    // Each model has a row for its others.
    assertEquals(2, four.rows());
  }

  @Test
  void oneAloneKeepsItsName() {
    has("a", "gpt-4o", 1, 10, 0, 0);
    has("b", "gpt-4o", 1, 9, 0, 0);
    has("c", "gpt-4o-mini", 1, 8, 0, 0);
    has("d", "gpt-4o-mini", 1, 7, 0, 0);
    has("e", "claude-sonnet-4", 1, 1, 0, 0);
    assertSame(OtherWorkloads.NONE, of(5));
    assertEquals(List.of("c", "d"), others(of(3)));
    assertEquals(List.of("a", "b", "e"), apart(of(3)));
    slices.remove(3);
    assertTrue(of(3).isEmpty());
  }

  @Test
  void aLogsOwnWorkloadOfThatNameIsOneOfThem() {
    has(WorkloadKey.OTHERS, "gpt-4o", 9, 9_000_000, 0, 0);
    has("a", "gpt-4o", 1, 10, 0, 0);
    has("b", "gpt-4o", 1, 9, 0, 0);
    has("c", "gpt-4o", 1, 8, 0, 0);
    OtherWorkloads one = of(1, WorkloadKey.OTHERS);
    assertEquals(List.of("a"), apart(one));
    assertEquals(List.of(WorkloadKey.OTHERS, "b", "c"), others(one));
    assertEquals(1, one.rows());
  }

  @Test
  void ofEqualOnesTheFirstByName() {
    for (String name : List.of("d", "b", "c", "a")) {
      has(name, "gpt-4o", 1, 10, 0, 0);
    }
    assertEquals(List.of("a"), apart(of(1)));
  }
}
