package dev.homeward.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What a picture says, read back from its SVG. */
final class PlotTest {
  private static final List<String> NAMES = List.of("first", "<second>", "third");
  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");
  private static final Pattern MOVED = Pattern.compile("translate\\(([-\\d.]+)[ ,]+([-\\d.]+)");

  private static Plot bars() {
    return Plot.of("Costs & more")
        .saying("a \"line\" under it")
        .axes("US$ a month", "")
        .bars("API", NAMES, Arrays.asList(100.0, null, 50.0))
        .bars("own", NAMES, List.of(25.0, 10.0, 0.0));
  }

  @Test
  void namesAreTextsAndWhatIsNotKnownHasNoBar() throws Exception {
    Document svg = read(bars().svg());
    List<String> texts = texts(svg);
    assertTrue(
        texts.containsAll(List.of("Costs & more", "US$ a month", "API", "own")), texts.toString());
    assertTrue(texts.containsAll(NAMES), texts.toString());
    List<Double> widths = new ArrayList<>();
    NodeList rects = svg.getElementsByTagName("rect");
    for (int i = 0; i < rects.getLength(); i++) {
      Element rect = (Element) rects.item(i);
      double width = Double.parseDouble(rect.getAttribute("width"));
      // The legend's keys have the colours too, and are small squares.
      if (rect.getAttribute("fill").equals("rgb(0,114,178)") && width > 30) {
        widths.add(width);
      }
    }
    assertEquals(2, widths.size(), "the bars of API that are known: " + widths);
    double longer = Math.max(widths.get(0), widths.get(1));
    double shorter = Math.min(widths.get(0), widths.get(1));
    assertEquals(2, longer / shorter, 1e-6, "100 is twice 50");
  }

  @Test
  void theFirstNameStandsOnTop() throws Exception {
    Document svg = read(bars().svg());
    assertTrue(down(svg, "first") < down(svg, "third"));
  }

  @Test
  void theSameNumbersGiveTheSameTextAndPicturesOnAPageDoNotShareNames() {
    assertEquals(bars().svg(), bars().svg());
    String other =
        Plot.of("Other").axes("a", "b").line("x", List.of(1.0, 2.0), List.of(3.0, 4.0)).svg();
    List<String> mine = ids(bars().svg());
    assertFalse(mine.isEmpty());
    assertFalse(ids(other).stream().anyMatch(mine::contains));
    assertFalse(bars().svg().contains("user-select"));
  }

  @Test
  void logarithmicAxesGoByPowersOfTen() throws Exception {
    Document svg =
        read(
            Plot.of("Volumes")
                .axes("calls a day", "US$")
                .logarithmic()
                .line("API", List.of(100.0, 1e6), List.of(1.0, 1e4))
                .points("box", List.of(1000.0), List.of(300.0))
                .levelAt(10)
                .markAt(1e5)
                .equality()
                .svg());
    List<String> texts = texts(svg);
    assertTrue(texts.containsAll(List.of("1,000", "10,000", "100,000")), texts.toString());
  }

  @Test
  void whatCannotBeDrawnIsSaid() {
    assertEquals(
        "Cannot draw a: 1 places and 2 values",
        assertThrows(
                IllegalArgumentException.class,
                () -> Plot.of("t").line("a", List.of(1.0), List.of(1.0, 2.0)))
            .getMessage());
    assertThrows(IllegalStateException.class, () -> Plot.of("t").svg());
    assertThrows(
        IllegalArgumentException.class, () -> bars().line("l", List.of(1.0), List.of(1.0)));
    assertThrows(
        IllegalArgumentException.class, () -> bars().bars("API", NAMES, List.of(1.0, 2.0, 3.0)));
  }

  private static Document read(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> ids(String svg) {
    return ID.matcher(svg).results().map(m -> m.group(1)).toList();
  }

  private static List<String> texts(Document svg) {
    List<String> texts = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("text");
    for (int i = 0; i < all.getLength(); i++) {
      texts.add(all.item(i).getTextContent().strip());
    }
    return texts;
  }

  // How far down a label is moved by the transformations around it.
  private static double down(Document svg, String label) {
    NodeList all = svg.getElementsByTagName("text");
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i).getTextContent().strip().equals(label)) {
        double y = 0;
        for (Node n = all.item(i); n instanceof Element e; n = n.getParentNode()) {
          Matcher moved = MOVED.matcher(e.getAttribute("transform"));
          y += moved.find() ? Double.parseDouble(moved.group(2)) : 0;
        }
        return y;
      }
    }
    throw new AssertionError("no label " + label);
  }
}
