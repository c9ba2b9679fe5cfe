package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;

/** Turns ids into hashes, so that no id leaves ingest unless it was asked for. */
final class Ids {
  private Ids() {}

  /** Gives a draft its identity within a source. */
  static void identify(CallDraft draft, String source, String id, boolean keep) {
    byte[] bytes = (source + '\u0000' + id).getBytes(StandardCharsets.UTF_8);
    long[] hash = MurmurHash3.hash128x64(bytes, 0, bytes.length, 0);
    draft.hasId = true;
    draft.idHigh = hash[0];
    draft.idLow = hash[1];
    if (keep) {
      draft.id = id;
    }
  }

  /** A 64-bit hash of a session or request id; never {@link CallDraft#ABSENT} and never 0. */
  static long hash(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    long hash = MurmurHash3.hash128x64(bytes, 0, bytes.length, 0)[0];
    return hash == CallDraft.ABSENT || hash == 0 ? 1 : hash;
  }
}
