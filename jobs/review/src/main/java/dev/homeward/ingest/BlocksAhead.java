package dev.homeward.ingest;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Blocks that one thread makes while another takes them, a few ahead: so that the calls of one
 * large file, which a single task reads, are never all in memory.
 */
public final class BlocksAhead implements Iterator<Block>, AutoCloseable {
  private static final int AHEAD = 8;

  private final BlockingQueue<Optional<Block>> made = new ArrayBlockingQueue<>(AHEAD);
  private final Thread maker;
  private volatile Throwable failure;
  private Optional<Block> next;

  /**
   * Begins.
   *
   * @param maker gives the blocks to whom it is told
   */
  public BlocksAhead(Consumer<Consumer<Block>> maker) {
    this.maker = new Thread(() -> make(maker), "blocks-ahead");
    this.maker.setDaemon(true);
    this.maker.start();
  }

  @SuppressWarnings("CatchThrowable") // whoever takes the blocks gets it
  private void make(Consumer<Consumer<Block>> of) {
    try {
      of.accept(block -> put(Optional.of(block)));
    } catch (CancellationException e) {
      return;
    } catch (Throwable e) {
      failure = e;
    }
    put(Optional.empty());
  }

  private void put(Optional<Block> block) {
    try {
      made.put(block);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("nobody takes the blocks any more");
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = made.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while reading", e);
      }
    }
    if (next.isPresent() || failure == null) {
      return next.isPresent();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  @Override
  public Block next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Block block = next.orElseThrow();
    next = null;
    return block;
  }

  /** Stops the maker, where it still works. */
  @Override
  public void close() {
    maker.interrupt();
  }
}
