package dev.homeward.databases;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer as a stream that does not wait for ever: where a server falls silent in the
 * middle, reading ends with an exception. What was not read yet is bounded: more is asked for as it
 * is read. The JDK's own stream of a body has no limit of time.
 */
final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  private static final int PARTS_AHEAD = 4;

  /** Some of the body, or its end; the failure is why it ended early, null where it did not. */
  private record Part(List<ByteBuffer> bytes, boolean last, Throwable failure) {}

  private final Duration longest;
  // Holds no more than was asked for, and the end.
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Queue<ByteBuffer> now = new ArrayDeque<>();
  private volatile Flow.Subscription subscription;
  private Part end;

  /**
   * @param longest how long to wait for the next bytes
   */
  TimedBody(Duration longest) {
    this.longest = longest;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(PARTS_AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    parts.add(new Part(item, false, null));
  }

  @Override
  public void onError(Throwable throwable) {
    parts.add(new Part(List.of(), true, throwable));
  }

  @Override
  public void onComplete() {
    parts.add(new Part(List.of(), true, null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (now.isEmpty() || !now.peek().hasRemaining()) {
      if (now.poll() == null && !next()) {
        return -1;
      }
    }
    int read = Math.min(length, now.peek().remaining());
    now.peek().get(into, from, read);
    return read;
  }

  /** Takes what came next; false at the end. */
  private boolean next() throws IOException {
    if (end == null) {
      Part part;
      try {
        part = parts.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      }
      if (part == null) {
        close();
        throw new SocketTimeoutException(
            "it fell silent in the middle of its answer for %d seconds"
                .formatted(longest.toSeconds()));
      }
      if (!part.last()) {
        now.addAll(part.bytes());
        subscription.request(1);
        return true;
      }
      end = part;
    }
    if (end.failure() != null) {
      throw new IOException(end.failure().getMessage(), end.failure());
    }
    return false;
  }

  /** Asks for no more: the connection is given up, and the server may stop its query. */
  @Override
  public void close() {
    Flow.Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
  }
}
