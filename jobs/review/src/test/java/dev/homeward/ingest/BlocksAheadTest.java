package dev.homeward.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlocksAheadTest {
  @Test
  void blocksComeInTheirOrderAndFewAreMadeAhead() {
    AtomicInteger made = new AtomicInteger();
    try (BlocksAhead blocks =
        new BlocksAhead(
            out -> {
              for (int i = 0; i < 1000; i++) {
                made.incrementAndGet();
                out.accept(new Block(i, new byte[1]));
              }
            })) {
      List<Integer> places = new ArrayList<>();
      while (blocks.hasNext()) {
        places.add(blocks.next().place());
        assertTrue(made.get() <= places.size() + 10, "made ahead");
      }
      assertEquals(1000, places.size());
      assertEquals(999, places.get(999));
      assertFalse(blocks.hasNext());
    }
  }

  @Test
  void whatFailsInTheMakerFailsInTheTaker() {
    for (Throwable failure : List.of(new InvalidInput("a bad file"), new OutOfMemoryError("x"))) {
      try (BlocksAhead blocks =
          new BlocksAhead(
              out -> {
                out.accept(new Block(0, new byte[1]));
                if (failure instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) failure;
              })) {
        assertEquals(0, blocks.next().place());
        assertEquals(failure, assertThrows(failure.getClass(), blocks::hasNext));
      }
    }
  }

  @Test
  void aMakerThatNobodyListensToStops() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    BlocksAhead blocks =
        new BlocksAhead(
            out -> {
              try {
                for (int i = 0; ; i++) {
                  out.accept(new Block(i, new byte[1]));
                }
              } finally {
                stopped.countDown();
              }
            });
    assertEquals(0, blocks.next().place());
    blocks.close();
    assertTrue(stopped.await(10, TimeUnit.SECONDS));
  }
}
