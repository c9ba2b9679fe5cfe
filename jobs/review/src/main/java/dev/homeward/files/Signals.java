package dev.homeward.files;

import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Answers the signals that ask a program to end. Java's own answer begins to shut down and waits
 * for whatever that takes; this one says so at once, gives what stops politely a few seconds, then
 * takes the last steps itself, and ends with the signal's own exit code in any case.
 *
 * <p>It knows nothing of Hadoop or Spark, so that a signal is answered while those still load.
 */
public final class Signals {
  /** Exit codes by signal: 128 and its number. */
  private static final Map<String, Integer> CODES = Map.of("HUP", 129, "INT", 130, "TERM", 143);

  /** After this the last steps are taken, whether or not Spark has stopped. */
  private static final long POLITE_MILLIS = 3000;

  /** After this nothing is waited for: a disk may hang. */
  private static final long MOST_MILLIS = 4500;

  private static volatile int code;
  private static volatile boolean isOver;
  private static volatile Runnable lastSteps = () -> {};

  private Signals() {}

  /** Whether a signal came that is being answered. */
  public static boolean came() {
    return code != 0;
  }

  /** What is to be done last if a signal stops the program; may be done more than once. */
  static void atLast(Runnable steps) {
    lastSteps = steps;
  }

  /**
   * Answers signals from now on. One that the shell told the program to ignore (nohup) stays
   * ignored.
   *
   * @param said says that the program is stopped
   */
  public static void answer(Runnable said) {
    CODES.forEach((name, exit) -> answer(name, exit, said));
  }

  /** The program ends by itself: a signal changes nothing any more. */
  public static void over() {
    isOver = true;
  }

  // By reflection: the class is Java's own, with no other way to the same, and javac warns of it.
  private static void answer(String name, int exit, Runnable said) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object mine =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == handler) {
                  stop(exit, said);
                  return null;
                }
                return switch (method.getName()) {
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "answers SIG" + name;
                };
              });
      Object of = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, of, mine);
    } catch (ReflectiveOperationException e) {
      // A system without this signal, or Java was told to leave signals alone (-Xrs).
      return;
    }
  }

  private static void stop(int exit, Runnable said) {
    synchronized (Signals.class) {
      if (isOver || code != 0) {
        return;
      }
      code = exit;
    }
    daemon("homeward-halt", Signals::haltInTime);
    said.run();
    System.exit(exit);
  }

  private static void haltInTime() {
    pause(POLITE_MILLIS);
    // Of a thread of its own, because it may hang.
    Thread last =
        daemon(
            "homeward-last-steps",
            () -> {
              lastSteps.run();
              Runtime.getRuntime().halt(code);
            });
    try {
      last.join(MOST_MILLIS - POLITE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }

  private static Thread daemon(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
