package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names for files, units, containers and routes, made of names from logs, which can hold anything.
 * What comes out has only the letters a to z, digits and single hyphens, begins with a letter, and
 * is short enough for a label of DNS with a number behind it.
 */
final class Names {
  private static final int LONGEST = 40;
  private static final int HASH_DIGITS = 8;

  private Names() {}

  /** The letters and digits of a text, in lower case, with hyphens for all else; may be empty. */
  static String plain(String text) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < text.length() && name.length() < 2 * LONGEST; i++) {
      char c = text.charAt(i);
      char lower = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
      if (lower >= 'a' && lower <= 'z' || lower >= '0' && lower <= '9') {
        name.append(lower);
      } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
        name.append('-');
      }
    }
    return cut(name.toString(), 2 * LONGEST);
  }

  /** Cut to a length, without a hyphen at the end. */
  static String cut(String name, int longest) {
    String cut = name.length() > longest ? name.substring(0, longest) : name;
    return cut.endsWith("-") ? cut.substring(0, cut.length() - 1) : cut;
  }

  /** The name of a fleet: its number makes it unique. */
  static String ofFleet(int number, String model, String hardware) {
    return cut("f%d-%s-on-%s".formatted(number, plain(model), plain(hardware)), LONGEST);
  }

  /**
   * A name for each workload that no other has: its own where that is one already, else with the
   * beginning of a hash. Keys that share a workload are told apart by model and class.
   */
  static Map<WorkloadKey, String> ofWorkloads(Collection<WorkloadKey> keys) {
    Map<String, Integer> sharing = new HashMap<>();
    keys.forEach(key -> sharing.merge(key.workload(), 1, Integer::sum));
    Map<WorkloadKey, String> texts = new TreeMap<>();
    for (WorkloadKey key : keys) {
      texts.put(
          key,
          sharing.get(key.workload()) == 1
              ? key.workload()
              : String.join("-", List.of(key.workload(), key.hostedModel(), key.dataClass())));
    }
    Map<String, Integer> taken = new HashMap<>();
    texts.values().forEach(text -> taken.merge(plain(text), 1, Integer::sum));
    Map<WorkloadKey, String> names = new TreeMap<>();
    texts.forEach(
        (key, text) -> {
          String plain = plain(text);
          boolean good =
              !plain.isEmpty()
                  && plain.length() <= LONGEST
                  && Character.isLetter(plain.charAt(0))
                  && taken.get(plain) == 1;
          names.put(key, good ? plain : hashed(plain, key));
        });
    return names;
  }

  private static String hashed(String plain, WorkloadKey key) {
    String all = key.workload() + '\n' + key.hostedModel() + '\n' + key.dataClass();
    String start = plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "w-" + plain : plain;
    return cut(start, LONGEST - HASH_DIGITS - 1) + "-" + sha256(all).substring(0, HASH_DIGITS);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
