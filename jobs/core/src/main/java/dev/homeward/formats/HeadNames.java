package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.homeward.formats.scan.Json;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Names of an object at the beginning of a file: the keys on the way to a value, joined by slashes;
 * arrays do not show. The object may be cut off or damaged.
 */
final class HeadNames {
  private static final int MOST_NAMES = 10_000;
  private static final int DEEPEST_NAME = 4;

  final Set<String> paths = new LinkedHashSet<>();

  /** Whether the bytes hold exactly one undamaged object. */
  private boolean whole;

  /** Whether they are an undamaged object that does not end in them. */
  private boolean cut;

  /** Whether another value follows an undamaged object. */
  private boolean more;

  private HeadNames() {}

  /** As many names as the bytes, which may be cut off or damaged, hold. */
  static HeadNames of(byte[] head, int from, int to) {
    HeadNames names = new HeadNames();
    try (JsonParser p = Json.FACTORY.createParser(head, from, to - from)) {
      if (p.nextToken() == JsonToken.START_OBJECT) {
        object(p, "", 1, names.paths);
        boolean closed = p.currentToken() == JsonToken.END_OBJECT;
        JsonToken next = p.nextToken();
        names.whole = closed && next == null;
        names.more = closed && next == JsonToken.START_OBJECT;
      }
    } catch (JsonEOFException e) {
      names.cut = true;
    } catch (IOException e) {
      // Damaged: what stands before the damage counts.
      return names;
    }
    return names;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isCut() {
    return cut;
  }

  boolean isFollowed() {
    return more;
  }

  private static void object(JsonParser p, String above, int depth, Set<String> paths)
      throws IOException {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String path = above + p.currentName();
      if (paths.size() < MOST_NAMES) {
        paths.add(path);
      }
      p.nextToken();
      below(p, path + '/', depth, paths);
    }
  }

  private static void below(JsonParser p, String above, int depth, Set<String> paths)
      throws IOException {
    if (depth >= DEEPEST_NAME) {
      p.skipChildren();
    } else if (p.currentToken() == JsonToken.START_OBJECT) {
      object(p, above, depth + 1, paths);
    } else if (p.currentToken() == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        below(p, above, depth, paths);
      }
    }
  }
}
