package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.TapeDays;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.Files;
import dev.homeward.pricing.Pricer;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The tapes that tasks of this process read lately, and days of tapes that are too long to be held
 * whole. A review asks for the same ones some hundred times; reading tapes is a sixth of its work,
 * and of windows it would be nine tenths. They are given up when memory is short.
 */
final class HeldTapes {
  /** Calls of the tapes that are held, some 100 bytes each: a third of the memory at the most. */
  private static final long MOST_CALLS = Runtime.getRuntime().maxMemory() / 3 / 100;

  /** Workloads of which it is known where each day stands: a few kilobytes each. */
  private static final int MOST_PLACES = 500;

  private static final int LOOKING_AT_ONCE = 64;

  private static final long WHOLE = Long.MIN_VALUE;

  /** By the run of the program and the calls, those used last at the end. */
  private static final Map<Key, Held> HELD = new LinkedHashMap<>(64, 0.75f, true);

  private static final Map<Key, TapeDays> PLACES =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TapeDays> eldest) {
          return size() > MOST_PLACES;
        }
      };

  /** Held by whoever looks through the files of some workload. */
  private static final Object[] LOOKING =
      Stream.generate(Object::new).limit(LOOKING_AT_ONCE).toArray();

  /** Which of the days goes where there are too many; what is held changes no answer. */
  private static final Random ANY = new Random(1);

  private HeldTapes() {}

  /**
   * Which calls.
   *
   * @param run of the program
   * @param day since 1970-01-01, UTC; {@link #WHOLE} for the month
   */
  private record Key(String run, List<String> files, String workload, long day) {
    static Key of(ReplayContext context, ReplayWork.WorkloadCalls part, long day) {
      return new Key(context.run(), part.files(), part.key().toString(), day);
    }
  }

  private record Held(SoftReference<BilledTape> tape, int calls) {}

  /** The tapes of some workloads, in their order. */
  static List<BilledTape> read(
      Files storage, List<ReplayWork.WorkloadCalls> parts, ReplayContext context) {
    List<BilledTape> tapes = new ArrayList<>();
    List<ReplayWork.WorkloadCalls> missing = new ArrayList<>();
    for (ReplayWork.WorkloadCalls part : parts) {
      BilledTape held = held(Key.of(context, part, WHOLE));
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
          hold(Key.of(context, parts.get(i), WHOLE), tapes.get(i));
        }
      }
    }
    return tapes;
  }

  /**
   * Where the calls of one workload are read from.
   *
   * @param run of the program and its settings: under another one the same files are read anew
   * @param pricer asked where calls have to be read
   */
  record Source(
      String run,
      WorkloadKey key,
      List<String> files,
      TapeReader.Opener opener,
      Supplier<Pricer> pricer) {
    /** The calls that start in a window; their names are left out. */
    BilledTape window(long fromMicros, long toMicros) {
      TapeDays places = places();
      List<BilledTape> days = new ArrayList<>();
      for (long day : places.days(fromMicros, toMicros)) {
        Key of = new Key(run, files, key.toString(), day);
        BilledTape held = held(of);
        if (held == null) {
          held = pricer.get().billed(TapeReader.read(key, places, day, opener));
          hold(of, held);
        }
        days.add(held);
      }
      return BilledTape.joined(key, days, fromMicros, toMicros);
    }

    /** Calls of a window, as {@link TapeDays#calls} has them. */
    double calls(long fromMicros, long toMicros, long spanFromMicros, long spanToMicros) {
      return places().calls(fromMicros, toMicros, spanFromMicros, spanToMicros);
    }

    private TapeDays places() {
      Key of = new Key(run, files, key.toString(), WHOLE);
      TapeDays known = HeldTapes.places(of);
      if (known == null) {
        // Many ask at once for the first time; the files are looked through by one of them.
        synchronized (LOOKING[Math.floorMod(of.hashCode(), LOOKING.length)]) {
          known = HeldTapes.places(of);
          if (known == null) {
            known = TapeReader.days(key, files, opener);
            keep(of, known);
          }
        }
      }
      return known;
    }
  }

  private static synchronized TapeDays places(Key key) {
    return PLACES.get(key);
  }

  private static synchronized void keep(Key key, TapeDays places) {
    PLACES.put(key, places);
  }

  private static synchronized BilledTape held(Key key) {
    Held held = HELD.get(key);
    return held == null ? null : held.tape().get();
  }

  private static synchronized void hold(Key key, BilledTape tape) {
    HELD.put(key, new Held(new SoftReference<>(tape), tape.tape.size));
    HELD.values().removeIf(held -> held.tape().get() == null);
    long calls = HELD.values().stream().mapToLong(Held::calls).sum();
    // The days of tapes are read in turn, again and again: were the eldest given up, each would be
    // gone when its turn comes. So any of the half that was not used lately goes.
    List<Key> eldest = new ArrayList<>(HELD.keySet());
    while (calls > MOST_CALLS) {
      Key any = eldest.remove(ANY.nextInt((eldest.size() + 1) / 2));
      calls -= HELD.remove(any).calls();
    }
  }
}
