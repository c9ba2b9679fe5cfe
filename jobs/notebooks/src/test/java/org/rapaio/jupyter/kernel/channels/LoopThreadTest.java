package org.rapaio.jupyter.kernel.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The two ways in which the kernel's own thread is lost. */
@Timeout(60)
final class LoopThreadTest {
  /** Of many threads started at once on few cores some look before whoever started them goes on. */
  @Test
  void everyThreadRunsHoweverEarlyItBegins() throws InterruptedException {
    int threads = 200;
    CountDownLatch all = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      LoopThread[] self = new LoopThread[1];
      self[0] =
          new LoopThread(
              "loop-" + i,
              1,
              () -> {
                all.countDown();
                self[0].shutdown();
              });
      self[0].start();
    }
    assertTrue(all.await(30, TimeUnit.SECONDS), all.getCount() + " never ran");
  }

  @Test
  void anExceptionDoesNotEndIt() throws InterruptedException {
    AtomicInteger times = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(3);
    LoopThread loop =
        new LoopThread(
            "loop",
            1,
            () -> {
              third.countDown();
              if (times.incrementAndGet() == 1) {
                throw new IllegalStateException("not ready");
              }
            });
    loop.start();
    assertTrue(third.await(30, TimeUnit.SECONDS));
    loop.shutdown();
    loop.join();
    int then = times.get();
    assertFalse(loop.isAlive());
    assertEquals(then, times.get());
  }

  @Test
  void anInterruptEndsIt() throws InterruptedException {
    LoopThread loop = new LoopThread("loop", 60_000, () -> {});
    loop.start();
    loop.interrupt();
    loop.join();
    assertFalse(loop.isAlive());
  }
}
