package dev.homeward.policy;

import dev.homeward.calls.CallDraft;

/**
 * A cache of {@link Policy#attribute}, because a log has many calls and few different sets of
 * names. Use one instance per task. Calls with the same names get the same object for as long as it
 * stays in the cache.
 */
public final class Attributions {
  private static final int SLOTS = 1 << 13;

  private final Policy policy;

  // Indexed by hash: a new set of names replaces an older one at its index.
  private final String[][] names = new String[SLOTS][];
  private final Attribution[] found = new Attribution[SLOTS];

  public Attributions(Policy policy) {
    this.policy = policy;
  }

  /** The attribution of a call; see {@link Policy#attribute}. */
  public Attribution of(CallDraft draft) {
    CallDraft.Attributes attributes = draft.attributes;
    int size = attributes.size();
    int hash = size;
    for (int i = 0; i < size; i++) {
      hash = (hash * 31 + attributes.source(i).hashCode()) * 31 + attributes.value(i).hashCode();
    }
    int slot = (hash ^ hash >>> 13) & SLOTS - 1;
    if (found[slot] != null && isOf(names[slot], attributes)) {
      return found[slot];
    }
    String[] all = new String[size * 2];
    for (int i = 0; i < size; i++) {
      all[2 * i] = attributes.source(i);
      all[2 * i + 1] = attributes.value(i);
    }
    names[slot] = all;
    found[slot] = policy.attribute(draft);
    return found[slot];
  }

  private static boolean isOf(String[] names, CallDraft.Attributes attributes) {
    if (names.length != attributes.size() * 2) {
      return false;
    }
    for (int i = 0; i < names.length; i += 2) {
      if (!names[i].equals(attributes.source(i / 2))
          || !names[i + 1].equals(attributes.value(i / 2))) {
        return false;
      }
    }
    return true;
  }
}
