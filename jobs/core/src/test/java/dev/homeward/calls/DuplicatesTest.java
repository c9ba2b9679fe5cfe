package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class DuplicatesTest {
  @Test
  void theLargestCopyOfACallStaysAndSidechainsYield() {
    CallIds ids = new CallIds(4);
    add(ids, 1, 11, false, 3, "a", 1);
    add(ids, 1, 11, false, 500, "a", 2);
    add(ids, 1, 12, true, 900, "b", 1);
    add(ids, 2, 0, false, 7, "a", 3);
    add(ids, 3, 5, true, 4, "b", 2);
    add(ids, 3, 5, true, 4, "b", 3);
    add(ids, 4, 1, false, 9, "a", 4);
    add(ids, 4, 2, false, 9, "a", 5);
    assertArrayEquals(
        new boolean[] {true, false, true, false, false, true, false, false}, Duplicates.find(ids));
  }

  /** On random tables: the same rows stay whatever the order, and whatever blocks they came in. */
  @Test
  void duplicatesDoNotDependOnTheOrderOfRows() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      CallIds ids = new CallIds(4);
      for (int i = 0; i < 60; i++) {
        add(
            ids,
            random.nextInt(12),
            random.nextInt(3),
            random.nextInt(4) == 0,
            random.nextInt(5),
            "f" + random.nextInt(2),
            i);
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      CallIds shuffled = new CallIds(4);
      CallIds block = new CallIds(4);
      for (int row : order) {
        block.addFrom(ids, row);
        if (block.size() == 7) {
          shuffled.decode(block.encode());
          block.clearRows();
        }
      }
      shuffled.decode(block.encode());
      assertEquals(kept(ids), kept(shuffled), "seed " + seed);
    }
  }

  private static TreeSet<Integer> kept(CallIds ids) {
    boolean[] copies = Duplicates.find(ids);
    TreeSet<Integer> ordinals = new TreeSet<>();
    for (int i = 0; i < ids.size(); i++) {
      if (!copies[i]) {
        ordinals.add(ids.ordinal(i));
      }
    }
    return ordinals;
  }

  private static void add(
      CallIds ids, long id, long second, boolean weak, long tokens, String file, int ordinal) {
    CallDraft draft = new CallDraft();
    draft.hasId = true;
    draft.idLow = id;
    draft.idSecond = second;
    draft.weakCopy = weak;
    ids.add(draft, tokens, file, 0, ordinal, 0);
  }
}
