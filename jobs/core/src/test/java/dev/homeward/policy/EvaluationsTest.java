package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvaluationsTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("evaluations.yaml"), text);
  }

  @Test
  void threeWaysToGiveEvidence() throws IOException {
    StringBuilder scores = new StringBuilder("hosted,local\n");
    for (int i = 0; i < 400; i++) {
      scores.append(i % 10 < 9 ? "0.9" : "0.5").append(',').append(i % 10 < 8 ? "0.9" : "0.6");
      scores.append('\n');
    }
    Files.writeString(folder.resolve("scores.csv"), scores);
    Evaluations.Index index =
        Evaluations.load(
                file(
                    """
                    evaluations:
                      - { workload: a, local-model: m, n: 100, both-right: 90, only-hosted-right: 4, only-local-right: 4 }
                      - { workload: b, local-model: m, n: 100, hosted-score: 0.94, local-score: 0.94 }
                      - { workload: c, local-model: m, scores: scores.csv }
                    """))
            .index();
    Evidence a = index.find("a", "m").orElseThrow();
    Evidence b = index.find("b", "m").orElseThrow();
    Evidence c = index.find("c", "m").orElseThrow();
    assertEquals(0.94, a.hostedScore(), 1e-12);
    assertEquals(0.08, a.disagreement(), 1e-12);
    // That the tasks were the same narrows the interval.
    assertTrue(a.high() - a.low() < b.high() - b.low());
    assertEquals(400, c.n());
    assertEquals(0.86, c.hostedScore(), 1e-9);
    assertEquals(0.8 * 0.9 + 0.2 * 0.6, c.localScore(), 1e-9);
    assertTrue(c.low() < c.localScore() - c.hostedScore());
    assertTrue(c.high() > c.localScore() - c.hostedScore());
    assertTrue(index.find("a", "other").isEmpty());
  }

  @Test
  void everyProblemIsNamedAtOnce() throws IOException {
    Files.writeString(folder.resolve("bad.csv"), "hosted,local\n0.5,0.5\n0.5,1.5\n");
    InvalidInput e =
        assertThrows(
            InvalidInput.class,
            () ->
                Evaluations.load(
                    file(
                        """
                        evaluations:
                          - { workload: a, local-model: m, n: 10, both-right: 9, only-hosted-right: 4, only-local-right: 4 }
                          - { workload: b, local-model: m, scores: bad.csv }
                          - { workload: c, local-model: m, scores: missing.csv }
                          - { workload: d, local-model: m, n: 10, hosted-score: 1, local-score: 1, date: "2026-02-31" }
                        """)));
    assertTrue(e.getMessage().contains("/evaluations/0: both-right"), e.getMessage());
    assertTrue(e.getMessage().contains("bad.csv:3"), e.getMessage());
    assertTrue(e.getMessage().contains("/evaluations/2: scores: cannot read"), e.getMessage());
    assertTrue(e.getMessage().contains("2026-02-31"), e.getMessage());
  }

  @Test
  void anEntryWithoutFiguresOrWithTwoSortsIsRefused() throws IOException {
    for (String entry :
        new String[] {
          "{ workload: a, local-model: m }",
          "{ workload: a, local-model: m, n: 5, hosted-score: 1, local-score: 1, scores: x.csv }"
        }) {
      assertThrows(
          InvalidInput.class, () -> Evaluations.load(file("evaluations:\n  - " + entry + "\n")));
    }
  }
}
