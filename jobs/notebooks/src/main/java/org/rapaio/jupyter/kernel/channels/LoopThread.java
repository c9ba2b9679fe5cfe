package org.rapaio.jupyter.kernel.channels;

/**
 * A thread that does a small thing again and again, with a pause between. It stands in for the
 * class of this name in rapaio-jupyter-kernel 3.0.1, before whose jar it lies on the class path,
 * because a kernel with that one does not answer after one start in four on a busy machine:
 *
 * <ul>
 *   <li>there a thread is told that it runs after it was started, and ends at once if it looks
 *       before that; here it runs until it is told to stop;
 *   <li>there a request that arrives before the kernel knows its handlers ends the thread of its
 *       channel by an exception; here it is said, and the next request, which a client sends a
 *       second later, is answered.
 * </ul>
 *
 * <p>To be removed with the first version of the kernel that does both.
 */
public final class LoopThread extends Thread {
  private final long sleep;
  private final Runnable loopBody;
  private volatile boolean stopped;

  /**
   * @param sleep pause, milliseconds
   */
  public LoopThread(String name, long sleep, Runnable loopBody) {
    super(name);
    this.sleep = sleep;
    this.loopBody = loopBody;
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        loopBody.run();
        sleep(sleep);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!stopped) {
          System.err.println(getName() + " goes on after " + e);
        }
      }
    }
  }

  /** Lets it end after what it is doing. */
  public void shutdown() {
    stopped = true;
  }
}
