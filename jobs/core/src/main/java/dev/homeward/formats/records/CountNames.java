package dev.homeward.formats.records;

import java.util.Locale;

/**
 * What a name of a token count means, for sources whose writers name them as they like: {@code
 * cache_read.input_tokens}, {@code details.cache_read_tokens}, {@code cachedInputTokens} and {@code
 * prompt_tokens_details.cached_tokens} are one thing.
 */
public enum CountNames {
  INPUT,
  /** Input without what was cached. */
  UNCACHED,
  CACHE_READ,
  /** Cache writes, or those whose lifetime is not said. */
  CACHE_WRITE,
  CACHE_WRITE_5M,
  CACHE_WRITE_1H,
  OUTPUT,
  REASONING,
  TOTAL,
  /** A count of something else, or of a part that is in another one already. */
  OTHER;

  /** The meaning of a name, without the prefix that all counts of its source have. */
  public static CountNames of(String name) {
    String n = letters(name);
    if (n.contains("cost") || n.contains("price") || n.contains("usd")) {
      return OTHER;
    }
    if (n.contains("cache")) {
      return cache(n);
    }
    if (n.contains("reasoning") || n.contains("thought") || n.contains("thinking")) {
      return REASONING;
    }
    return switch (n) {
      case "input", "inputtokens", "inputtokencount" -> INPUT;
      case "prompt", "prompttokens", "prompttokencount" -> INPUT;
      case "output", "outputtokens", "outputtokencount" -> OUTPUT;
      case "completion", "completiontokens", "candidatestokencount" -> OUTPUT;
      case "total", "totaltokens", "totaltokencount" -> TOTAL;
      default -> OTHER;
    };
  }

  private static CountNames cache(String n) {
    if (n.contains("nocache") || n.contains("uncached") || n.contains("cachemiss")) {
      return UNCACHED;
    }
    if (n.contains("write") || n.contains("creation") || n.contains("created")) {
      if (n.contains("1h")) {
        return CACHE_WRITE_1H;
      }
      return n.contains("5m") ? CACHE_WRITE_5M : CACHE_WRITE;
    }
    boolean hits = n.contains("hit") && n.contains("token");
    boolean read = n.contains("read") || n.contains("cached") || hits;
    return read || n.endsWith("cacheinput") ? CACHE_READ : OTHER;
  }

  private static String letters(String name) {
    StringBuilder letters = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isLetterOrDigit(c)) {
        letters.append(c);
      }
    }
    return letters.toString().toLowerCase(Locale.ROOT);
  }
}
