package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.metrics.OpenMetrics;
import dev.homeward.metrics.OpenMetrics.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format, against a reader of the specification's grammar; names of a log can be anything. */
final class OpenMetricsTest {
  @Test
  void anExampleIsAsTheSpecificationHasIt() {
    String text =
        new OpenMetrics()
            .gauge("spend_usd", "usd", "A month \"at\" the API.")
            .value(Labels.of("workload", "a"), "1.50")
            .value(Labels.of("workload", "b").and("owner", "x"), "-0.25")
            .gauge("workloads", "", "How many.")
            .value(Labels.NONE, 2)
            .text();
    assertEquals(
        """
        # TYPE spend_usd gauge
        # UNIT spend_usd usd
        # HELP spend_usd A month \\"at\\" the API.
        spend_usd{workload="a"} 1.50
        spend_usd{workload="b",owner="x"} -0.25
        # TYPE workloads gauge
        # HELP workloads How many.
        workloads 2
        # EOF
        """,
        text);
    assertEquals(
        List.of(1.5, -0.25),
        OpenMetricsParser.parse(text).get("spend_usd").samples().stream()
            .map(OpenMetricsParser.Sample::value)
            .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "back\\slash",
        "qu\"ote",
        "line\nfeed",
        "a\\nb",
        "},x=\"1",
        "\u202e<script>",
        "=cmd|' /C calc'!A0",
        "",
        "日本",
        "\\"
      })
  void whateverANameHoldsItIsReadBackAsItWas(String name) {
    String text =
        new OpenMetrics().gauge("m", "", "h").value(Labels.of("workload", name), 1).text();
    assertEquals(
        Map.of("workload", name), OpenMetricsParser.parse(text).get("m").samples().get(0).labels());
  }

  @Test
  void whatIsNoNumberOrNoNameIsRefused() {
    OpenMetrics m = new OpenMetrics().gauge("m", "", "h");
    assertThrows(NumberFormatException.class, () -> m.value(Labels.NONE, "?"));
    assertThrows(IllegalArgumentException.class, () -> m.gauge("a-b", "", "h"));
    assertThrows(IllegalArgumentException.class, () -> m.gauge("m_usd", "ratio", "h"));
    assertThrows(IllegalArgumentException.class, () -> Labels.of("a b", "x"));
  }

  /** The reader refuses what the specification forbids, or it would hold nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE m gauge\nm 1\n",
        "# TYPE m gauge\nm 1\n# EOF",
        "# TYPE m gauge\n\nm 1\n# EOF\n",
        "# TYPE m gauge\nm 1\nm 2\n# EOF\n",
        "# TYPE m gauge\nm{a=\"1\",a=\"2\"} 1\n# EOF\n",
        "# TYPE m gauge\nm{a=\"1\",} 1\n# EOF\n",
        "# TYPE m gauge\nm{a=\"x\"y\"} 1\n# EOF\n",
        "# TYPE m gauge\nm{a=\"\\t\"} 1\n# EOF\n",
        "# TYPE m gauge\nm one\n# EOF\n",
        "# TYPE m gauge\nn 1\n# EOF\n",
        "# TYPE m gauge\nm 1\n# HELP m late\n# EOF\n",
        "# TYPE m gauge\nm 1\n# TYPE n gauge\nn 1\n# TYPE m gauge\n# EOF\n",
        "# TYPE m gauge\n# UNIT m usd\nm 1\n# EOF\n",
        "# TYPE m gauge\n# comment\nm 1\n# EOF\n",
        "# TYPE m gauge\r\nm 1\n# EOF\n"
      })
  void theReaderRefusesWhatTheSpecificationForbids(String text) {
    assertThrows(IllegalArgumentException.class, () -> OpenMetricsParser.parse(text));
  }

  @Test
  void aFamilyMayBeEmpty() {
    assertTrue(
        OpenMetricsParser.parse("# TYPE m gauge\n# HELP m h\n# EOF\n")
            .get("m")
            .samples()
            .isEmpty());
  }
}
