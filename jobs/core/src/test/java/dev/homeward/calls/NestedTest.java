package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Calls that repeat the usage of calls below them are found, and no others. */
final class NestedTest {
  private static final long NO_PARENT = CallDraft.ABSENT;
  private static final int CHAT = kind(Operation.CHAT);
  private static final int EMBEDDINGS = kind(Operation.EMBEDDINGS);

  private final CallIds spans = new CallIds(4);

  @Test
  void aCallAboveACallRepeatsItThroughSpansThatAreNoCalls() {
    call(1, 10, NO_PARENT, CHAT, 790);
    other(1, 11, 10);
    other(1, 12, 11);
    call(1, 13, 12, CHAT, 790);
    assertEquals(List.of(0), repeating());
  }

  @Test
  void ofAChainOnlyTheLowestCallCounts() {
    call(1, 10, NO_PARENT, CHAT, 500);
    call(1, 11, 10, CHAT, 500);
    call(1, 12, 11, CHAT, 500);
    call(1, 13, 12, CHAT, 500);
    assertEquals(List.of(0, 1, 2), repeating());
  }

  @Test
  void aSumRepeatsItsSteps() {
    call(1, 10, NO_PARENT, CHAT, 300);
    call(1, 11, 10, CHAT, 100);
    call(1, 12, 10, CHAT, 200);
    assertEquals(List.of(0), repeating());
    assertEquals(List.of(), sayingMore());
  }

  @Test
  void callsBesideEachOtherAndInOtherTracesRepeatNothing() {
    call(1, 10, 9, CHAT, 100);
    call(1, 11, 9, CHAT, 100);
    call(2, 12, 10, CHAT, 100);
    assertEquals(List.of(), repeating());
  }

  @Test
  void aChatAboveAnEmbeddingHasAUsageOfItsOwn() {
    call(1, 10, NO_PARENT, CHAT, 100);
    call(1, 11, 10, EMBEDDINGS, 40);
    assertEquals(List.of(), repeating());
    call(1, 12, 11, CHAT, 100);
    assertEquals(List.of(0), repeating());
  }

  @Test
  void whatSaysNothingTakesNothingAway() {
    call(1, 10, NO_PARENT, CHAT, 100);
    call(1, 11, 10, CHAT, 0);
    assertEquals(List.of(), repeating(), "the lower one has no usage");
  }

  @Test
  void aWrapperThatSaysMoreThanWhatIsBelowItIsCounted() {
    call(1, 10, NO_PARENT, CHAT, 300);
    call(1, 11, 10, CHAT, 100);
    call(1, 12, 10, EMBEDDINGS, 250);
    assertEquals(List.of(0), repeating());
    assertEquals(List.of(0), sayingMore());
  }

  /** The same export twice: copies of the lower call must not add up. */
  @Test
  void copiesOfASpanCountOnce() {
    call(1, 10, NO_PARENT, CHAT, 200);
    call(1, 10, NO_PARENT, CHAT, 200);
    call(1, 11, 10, CHAT, 100);
    call(1, 11, 10, CHAT, 100);
    assertEquals(List.of(0, 1), repeating());
    assertEquals(1, sayingMore().size(), "200 is more than 100, of one span");
  }

  @Test
  void spansInACircleRepeatNothing() {
    call(1, 10, 12, CHAT, 100);
    call(1, 11, 10, CHAT, 100);
    call(1, 12, 11, CHAT, 100);
    call(1, 20, 20, CHAT, 100);
    call(1, 30, 10, CHAT, 100);
    assertEquals(List.of(), repeating());
  }

  @Test
  void aParentThatIsNotInTheLogIsNoParent() {
    call(1, 11, 10, CHAT, 100);
    call(1, 12, 11, CHAT, 100);
    assertEquals(List.of(0), repeating());
  }

  /** A chain of a hundred thousand spans is settled without walking it once for each of them. */
  @Test
  void aDeepChainIsSettledInOnePass() {
    int depth = 100_000;
    for (int i = 0; i < depth; i++) {
      call(1, i, i == 0 ? NO_PARENT : i - 1, CHAT, 1);
    }
    assertEquals(depth - 1, repeating().size());
  }

  /**
   * Random traces, cut into blocks and mixed: the same calls repeat others whatever the order, and
   * they are those that a search upwards from each call finds.
   */
  @Test
  void theResultDependsOnTheSetOfSpansOnly() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      CallIds made = new CallIds(4);
      int n = 60;
      for (int i = 0; i < n; i++) {
        boolean call = random.nextInt(3) > 0;
        long above = random.nextInt(4) == 0 || i == 0 ? NO_PARENT : random.nextInt(i);
        CallDraft span = span(random.nextInt(2), i, above);
        int kind = call ? random.nextBoolean() ? CHAT : EMBEDDINGS : Nested.NO_CALL;
        made.addSpan(span, kind, call ? random.nextInt(3) : 0, "f" + i % 3, i % 2, i, 0);
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      CallIds mixed = new CallIds(4);
      CallIds block = new CallIds(4);
      for (int row : order) {
        block.addFrom(made, row);
        if (block.size() == 7) {
          mixed.decode(block.encode());
          block.clearRows();
        }
      }
      mixed.decode(block.encode());
      assertEquals(searched(made), found(made), "seed " + seed);
      assertEquals(found(made), found(mixed), "seed " + seed);
    }
  }

  private static TreeSet<Integer> found(CallIds of) {
    boolean[] repeats = Nested.find(of.spans()).repeats();
    TreeSet<Integer> ordinals = new TreeSet<>();
    for (int row = 0; row < of.size(); row++) {
      if (repeats[row]) {
        ordinals.add(of.ordinal(row));
      }
    }
    return ordinals;
  }

  /** The definition itself: from each call with usage upwards, what is above it and of its kind. */
  private static TreeSet<Integer> searched(CallIds of) {
    Nested.Spans s = of.spans();
    TreeMap<String, Integer> rows = new TreeMap<>();
    for (int row = 0; row < s.size(); row++) {
      rows.put(s.trace(row) + "/" + s.span(row), row);
    }
    TreeSet<Integer> ordinals = new TreeSet<>();
    for (int row = 0; row < s.size(); row++) {
      Integer above = rows.get(s.trace(row) + "/" + s.parent(row));
      while (s.kind(row) != Nested.NO_CALL && s.tokens(row) > 0 && above != null) {
        if (s.kind(above) == s.kind(row)) {
          ordinals.add(of.ordinal(above));
        }
        above = rows.get(s.trace(above) + "/" + s.parent(above));
      }
    }
    return ordinals;
  }

  private List<Integer> repeating() {
    return rows(Nested.find(spans.spans()).repeats());
  }

  private List<Integer> sayingMore() {
    return rows(Nested.find(spans.spans()).saysMore());
  }

  private static List<Integer> rows(boolean[] of) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < of.length; row++) {
      if (of[row]) {
        rows.add(row);
      }
    }
    return rows;
  }

  private void call(long trace, long span, long parent, int kind, long tokens) {
    spans.addSpan(span(trace, span, parent), kind, tokens, "f", 0, spans.size(), 0);
  }

  private void other(long trace, long span, long parent) {
    spans.addSpan(span(trace, span, parent), Nested.NO_CALL, 0, "f", 0, 0, 0);
  }

  private static CallDraft span(long trace, long span, long parent) {
    CallDraft draft = new CallDraft();
    draft.trace = trace;
    draft.span = span;
    draft.parentSpan = parent;
    return draft;
  }

  private static int kind(Operation operation) {
    CallDraft draft = new CallDraft();
    draft.operation = operation;
    return Nested.kind(draft);
  }
}
