package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.files.Files;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tapes that tasks of this process read lately. A review asks for the same ones some hundred
 * times, and reading them is a sixth of its work. They are given up when memory is short.
 */
final class HeldTapes {
  /** Calls of the tapes that are held, some 150 bytes each: an eighth of the memory at the most. */
  private static final long MOST_CALLS = Runtime.getRuntime().maxMemory() / 8 / 150;

  /** By the run of the program and the calls, those used last at the end. */
  private static final Map<Key, Held> HELD = new LinkedHashMap<>(64, 0.75f, true);

  private HeldTapes() {}

  private record Key(String run, List<String> files, String workload) {}

  private record Held(SoftReference<BilledTape> tape, int calls) {}

  /** The tapes of some workloads, in their order. */
  static List<BilledTape> read(
      Files storage, List<ReplayWork.WorkloadCalls> parts, ReplayContext context) {
    List<BilledTape> tapes = new ArrayList<>();
    List<ReplayWork.WorkloadCalls> missing = new ArrayList<>();
    for (ReplayWork.WorkloadCalls part : parts) {
      BilledTape held = held(key(context, part));
      tapes.add(held);
      if (held == null) {
        missing.add(part);
      }
    }
    if (!missing.isEmpty()) {
      Iterator<BilledTape> read =
          ReplayWork.WorkloadCalls.read(
                  storage, missing, context.pricer(), context.fromMicros(), context.toMicros())
              .iterator();
      for (int i = 0; i < tapes.size(); i++) {
        if (tapes.get(i) == null) {
          tapes.set(i, read.next());
          hold(key(context, parts.get(i)), tapes.get(i));
        }
      }
    }
    return tapes;
  }

  private static Key key(ReplayContext context, ReplayWork.WorkloadCalls part) {
    return new Key(context.run(), part.files(), part.key().toString());
  }

  private static synchronized BilledTape held(Key key) {
    Held held = HELD.get(key);
    return held == null ? null : held.tape().get();
  }

  private static synchronized void hold(Key key, BilledTape tape) {
    HELD.put(key, new Held(new SoftReference<>(tape), tape.tape.size));
    HELD.values().removeIf(held -> held.tape().get() == null);
    long calls = HELD.values().stream().mapToLong(Held::calls).sum();
    for (Iterator<Held> eldest = HELD.values().iterator(); calls > MOST_CALLS; ) {
      calls -= eldest.next().calls();
      eldest.remove();
    }
  }
}
