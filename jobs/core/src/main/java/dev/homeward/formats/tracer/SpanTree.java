package dev.homeward.formats.tracer;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.Items;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The spans of one document, until it is known which of them are the calls: a span with usage that
 * has a span with usage below it repeats what that one used, and is no call of its own.
 */
final class SpanTree {
  /** Deeper than traces are; a loop of parents ends here. */
  private static final int DEEPEST = 1_000;

  private final Map<String, String> parents = new HashMap<>();
  private final List<CallDraft> drafts = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private int calls;
  private int others;

  /** Forgets all spans. */
  void clear() {
    parents.clear();
    ids.clear();
    calls = 0;
    others = 0;
  }

  /** Notes whose child a span is; either may be null. */
  void link(String span, String parent) {
    if (span != null && parent != null && !parent.isEmpty()) {
      parents.put(span, parent);
    }
  }

  /** Notes a span that is no call. */
  void other() {
    others++;
  }

  /** Notes a span that is a call, unless one below it turns out to be; may have no id. */
  void call(String span, CallDraft draft) {
    if (calls == drafts.size()) {
      drafts.add(new CallDraft());
    }
    drafts.get(calls++).set(draft);
    ids.add(span);
  }

  /** Hands over the calls, and each of the others as no call. */
  void handOver(Items items) {
    Set<String> wrappers = new HashSet<>();
    for (int i = 0; i < calls; i++) {
      if ((drafts.get(i).flags & CallFlags.MISSING_USAGE) == 0) {
        String above = parents.get(ids.get(i));
        for (int depth = 0; above != null && depth < DEEPEST; depth++) {
          wrappers.add(above);
          above = parents.get(above);
        }
      }
    }
    for (int i = 0; i < calls; i++) {
      if (ids.get(i) != null && wrappers.contains(ids.get(i))) {
        items.ignore();
      } else {
        CallDraft next = items.next();
        // The spans were read into drafts of their own, which do not know their line.
        long line = next.sourceLine;
        next.set(drafts.get(i));
        next.sourceLine = line;
        items.add();
      }
    }
    for (int i = 0; i < others; i++) {
      items.ignore();
    }
    clear();
  }
}
