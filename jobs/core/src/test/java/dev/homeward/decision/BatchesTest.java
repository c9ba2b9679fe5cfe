package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchesTest {
  private static List<List<Double>> of(Double... calls) {
    return Batches.of(List.of(calls), c -> c);
  }

  @Test
  void aBatchHasFiveMillionCallsAtTheMost() {
    assertEquals(List.of(List.of(2e6, 3e6), List.of(1.0, 4e6)), of(2e6, 3e6, 1.0, 4e6));
  }

  /** Also where the ones around it are small. */
  @Test
  void aWorkloadOfMoreIsABatchOfItsOwn() {
    assertEquals(List.of(List.of(1.0), List.of(9e6), List.of(2.0, 3.0)), of(1.0, 9e6, 2.0, 3.0));
  }

  @Test
  void thereIsNoBatchOfNothing() {
    assertEquals(List.of(), of());
    assertEquals(List.of(List.of(0.0)), of(0.0));
    assertEquals(List.of(List.of(9e6), List.of(9e6)), of(9e6, 9e6));
  }
}
