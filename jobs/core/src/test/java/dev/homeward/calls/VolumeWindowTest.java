package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A tape that is scaled window by window is the tape that is scaled as a whole. */
class VolumeWindowTest {
  private static final long DAY = 86_400_000_000L;
  private static final WorkloadKey KEY = new WorkloadKey("w", "gpt-4o", "internal");

  private static Tape tape(Random random, long from, long to, int size) {
    long[] starts = random.longs(size, from, to).sorted().toArray();
    String[] none = new String[0];
    Tape tape = new Tape(KEY, size, none, none, none);
    for (int i = 0; i < size; i++) {
      tape.startedAtMicros[i] = starts[i];
      tape.inputTokens[i] = i;
      tape.session[i] = random.nextInt(3) == 0 ? CallDraft.ABSENT : random.nextInt(20);
    }
    Arrays.fill(tape.provider, (short) -1);
    return tape;
  }

  private static Tape slice(Tape tape, long from, long to) {
    int first = 0;
    while (first < tape.size && tape.startedAtMicros[first] < from) {
      first++;
    }
    int last = first;
    while (last < tape.size && tape.startedAtMicros[last] < to) {
      last++;
    }
    return Tapes.part(tape, first, last);
  }

  @Test
  void windowsOfCopiesAreTheCopiesOfTheWhole() {
    Random random = new Random(5);
    for (long span : new long[] {30 * DAY, 30 * DAY + DAY / 3, 2 * DAY, DAY / 2, 1}) {
      for (int volume = 1; volume <= 5; volume++) {
        long from = random.nextInt(1000) * 1_000_003L;
        long to = from + span;
        Tape tape = tape(random, from, to, 300);
        Tape whole = Tapes.scaled(tape, volume, from, to);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < whole.size; i++) {
          expected.add(call(whole, i));
        }
        List<String> found = new ArrayList<>();
        long window = Math.max(1, span / (1 + random.nextInt(7)));
        for (long at = from; at < to; at += window) {
          List<BilledTape> copies = new ArrayList<>();
          for (VolumeWindow.Source source :
              new VolumeWindow(volume, from, to, at, Math.min(to, at + window)).sources()) {
            copies.add(
                BilledTape.of(slice(tape, source.fromMicros(), source.toMicros())).copied(source));
          }
          Tape merged = BilledTape.merge(KEY, copies).billed().tape;
          for (int i = 0; i < merged.size; i++) {
            found.add(call(merged, i));
          }
        }
        expected.sort(null);
        found.sort(null);
        assertEquals(expected, found, span + " x " + volume);
        assertEquals(volume * tape.size, found.size());
      }
    }
  }

  /** A part of a copy is kept by session: so many of them, and each as a whole. */
  @Test
  void partsOfCopiesKeepWholeSessions() {
    Random random = new Random(6);
    Tape tape = tape(random, 0, 30 * DAY, 5000);
    VolumeWindow.Source part = new VolumeWindow.Source(0, 0.4, 0, 0, 30 * DAY);
    Tape kept = BilledTape.of(tape).copied(part).tape;
    Tape whole = Tapes.scaled(tape, 0.4, 0, 30 * DAY);
    assertEquals(whole.size, kept.size);
    for (int i = 0; i < kept.size; i++) {
      assertEquals(call(whole, i), call(kept, i));
    }
  }

  private static String call(Tape tape, int i) {
    return tape.startedAtMicros[i] + " " + tape.inputTokens[i] + " " + tape.session[i];
  }
}
