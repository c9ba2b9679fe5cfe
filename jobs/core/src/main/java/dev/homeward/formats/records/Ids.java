package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.MurmurHash3;

/** Turns ids into hashes, so that no id leaves ingest unless it was asked for. */
public final class Ids {
  private Ids() {}

  /** Gives a draft its identity within a source. */
  public static void identify(CallDraft draft, String source, String id, boolean keep) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    identify(draft, source, bytes, 0, bytes.length);
    if (keep) {
      draft.id = id;
    }
  }

  /** Gives a draft the identity that the parser stands on; none where that is null or empty. */
  public static void identify(CallDraft draft, String source, JsonParser p, boolean keep)
      throws IOException {
    if (p instanceof JsonScanner scanner && isPlainText(scanner) && !keep) {
      if (scanner.to() > scanner.from()) {
        identify(draft, source, scanner.bytes(), scanner.from(), scanner.to());
      }
      return;
    }
    String id = Json.scalar(p);
    if (id != null && !id.isEmpty()) {
      identify(draft, source, id, keep);
    }
  }

  private static void identify(CallDraft draft, String source, byte[] bytes, int from, int to) {
    // The source is the seed: the same id of two sources is two identities.
    long[] hash = MurmurHash3.hash128x64(bytes, from, to - from, source.hashCode());
    draft.hasId = true;
    draft.idHigh = hash[0];
    draft.idLow = hash[1];
  }

  /**
   * Gives a draft its place in a trace, where trace and span are known.
   *
   * @param parent the span above it; null or empty if there is none
   */
  public static void place(
      CallDraft draft, String source, String trace, String span, String parent) {
    if (trace == null || trace.isEmpty() || span == null || span.isEmpty()) {
      return;
    }
    // The source is part of the trace: the same ids of two sources are two traces.
    draft.trace = hash(source + '/' + trace);
    draft.span = hash(span);
    draft.parentSpan = parent == null || parent.isEmpty() ? CallDraft.ABSENT : hash(parent);
  }

  /** A 64-bit hash of a session or request id; never {@link CallDraft#ABSENT} and never 0. */
  public static long hash(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return hash(bytes, 0, bytes.length);
  }

  /** The same of the text that the parser stands on; ABSENT where that is null or empty. */
  public static long hash(JsonParser p) throws IOException {
    if (p instanceof JsonScanner scanner && isPlainText(scanner)) {
      return scanner.to() == scanner.from()
          ? CallDraft.ABSENT
          : hash(scanner.bytes(), scanner.from(), scanner.to());
    }
    String id = Json.scalar(p);
    return id == null || id.isEmpty() ? CallDraft.ABSENT : hash(id);
  }

  private static boolean isPlainText(JsonScanner scanner) {
    return scanner.currentToken() == com.fasterxml.jackson.core.JsonToken.VALUE_STRING
        && scanner.isPlain();
  }

  private static long hash(byte[] bytes, int from, int to) {
    long hash = MurmurHash3.hash128x64(bytes, from, to - from, 0)[0];
    return hash == CallDraft.ABSENT || hash == 0 ? 1 : hash;
  }
}
