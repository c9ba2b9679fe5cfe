package dev.homeward.formats.mapped;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds for each column, or each key of JSON, what a mapping makes of it. Names are compared
 * without case, white space and marks between words; a point in a name may stand for the slash
 * between keys.
 */
final class ColumnTree {
  /**
   * Columns beside those that the mapping names that are kept; a table of thousands keeps these.
   */
  private static final int MOST_OTHERS = 200;

  private static final int DEEPEST_OTHER = 3;
  private static final int MOST_KNOWN = 10_000;

  private final Mapping mapping;
  private final Map<String, List<Target>> targets = new HashMap<>();
  private final Set<String> above = new HashSet<>();
  private final Set<String> notRead = new HashSet<>();
  private final Node root = new Node("", 0);
  private int others;
  private int known;

  /**
   * What becomes of a value.
   *
   * @param field the field it is for; null for a name of policy rules
   * @param clock whether it is the time of day of the field
   * @param attribute source of the name; null for a field
   */
  record Target(MappedField field, boolean clock, String attribute) {}

  ColumnTree(Mapping mapping) {
    this.mapping = mapping;
    mapping
        .columns()
        .forEach(
            (field, source) -> {
              source.columns().forEach(c -> add(c, new Target(field, false, null)));
              if (!source.clock().isEmpty()) {
                add(source.clock(), new Target(field, true, null));
              }
            });
    mapping
        .attributes()
        .forEach((name, of) -> of.forEach(c -> add(c, new Target(null, false, name))));
    mapping.notRead().forEach(column -> notRead.add(ColumnWords.plain(column)));
  }

  private void add(String column, Target target) {
    String plain = ColumnWords.plain(column);
    targets.computeIfAbsent(plain, c -> new ArrayList<>()).add(target);
    for (int slash = plain.indexOf('/'); slash >= 0; slash = plain.indexOf('/', slash + 1)) {
      above.add(plain.substring(0, slash));
    }
  }

  /** Where a record begins. */
  Node root() {
    return root;
  }

  /** A place in a record. */
  final class Node {
    private final String path;
    private final int depth;
    private final List<Target> mine;
    private final boolean opened;
    private final boolean free;
    private final Map<String, Node> below = new HashMap<>();

    private Node(String path, int depth) {
      this.path = path;
      this.depth = depth;
      String plain = ColumnWords.plain(path);
      boolean named = targets.containsKey(plain);
      boolean out = notRead.contains(plain) || PrivateNames.isPrivatePath(path);
      boolean other = depth > 0 && !named && !out && mapping.othersKept() && !above.contains(plain);
      this.opened =
          depth == 0 || above.contains(plain) || other && depth < DEEPEST_OTHER && !isFull();
      this.free = other && !PrivateNames.isId(path) && !isFull();
      this.mine =
          named
              ? targets.get(plain)
              : free ? List.of(new Target(null, false, PrivateNames.free(path))) : List.of();
    }

    private boolean isFull() {
      return others >= MOST_OTHERS;
    }

    /** What a mapping makes of a scalar here; empty if nothing. */
    List<Target> targets() {
      return mine;
    }

    /** Whether what stands below is looked at. */
    boolean isOpened() {
      return opened;
    }

    /** Whether the mapping names something below. */
    boolean isAboveNamed() {
      return above.contains(ColumnWords.plain(path));
    }

    /** The place of a key here. */
    Node step(String key) {
      Node found = below.get(key);
      if (found == null) {
        found = new Node(depth == 0 ? key : path + "/" + key, depth + 1);
        others += found.free ? 1 : 0;
        if (known++ < MOST_KNOWN) {
          below.put(key, found);
        }
      }
      return found;
    }
  }

  /** The columns of fields that are not among those of a header, as the mapping writes them. */
  List<String> missing(String[] header) {
    Set<String> there = new HashSet<>();
    for (String column : header) {
      there.add(ColumnWords.plain(column));
    }
    List<String> missing = new ArrayList<>();
    for (String column : mapping.named()) {
      String plain = ColumnWords.plain(column);
      boolean found = there.contains(plain);
      for (int slash = plain.lastIndexOf('/'); slash > 0 && !found; ) {
        found = there.contains(plain.substring(0, slash));
        slash = plain.lastIndexOf('/', slash - 1);
      }
      if (!found) {
        missing.add(column);
      }
    }
    return missing;
  }
}
