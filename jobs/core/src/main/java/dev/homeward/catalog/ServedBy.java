package dev.homeward.catalog;

import java.util.regex.Pattern;

/**
 * Where a call was served: who runs the server, and in which of that host's areas as far as prices
 * tell them apart. Written {@code host} or {@code host/area}: {@code anthropic}, {@code
 * bedrock/us}, {@code bedrock/eu-west-1}, {@code azure/eu}, {@code openrouter/free}, {@code local}.
 *
 * @param host one word, as {@link Providers#canonical} gives it; empty where the record does not
 *     say
 * @param area a group of regions ({@code us}, {@code eu}, {@code global}), one region ({@code
 *     eu-west-1}), {@link #IN_REGION} for one that is not named, {@link #FREE} for what costs
 *     nothing; empty where prices do not depend on it or the record does not say
 */
public record ServedBy(String host, String area) {
  /** The record does not say. */
  public static final ServedBy UNKNOWN = new ServedBy("", "");

  /** A server of one's own. */
  public static final ServedBy LOCAL = new ServedBy("local", "");

  /** One region, which the record does not name. */
  public static final String IN_REGION = "in-region";

  /** A variant that its host gives away. */
  public static final String FREE = "free";

  private static final Pattern WRITTEN =
      Pattern.compile("[\\p{IsAlphabetic}0-9._ +-]{1,60}(?:/[a-z0-9-]{1,40})?");

  /**
   * Reads {@link #text}; what it cannot be is not known. A provider's name as a log has it is a
   * host without an area.
   */
  public static ServedBy parse(String text) {
    if (text == null || !WRITTEN.matcher(text).matches()) {
      return UNKNOWN;
    }
    int slash = text.indexOf('/');
    String host = Providers.canonical(slash < 0 ? text : text.substring(0, slash));
    return host.isEmpty()
        ? UNKNOWN
        : new ServedBy(host, slash < 0 ? "" : text.substring(slash + 1));
  }

  /** Whether nobody charges for the call: it ran on a machine of one's own. */
  public boolean isLocal() {
    return host.equals(LOCAL.host);
  }

  /** Whether the area is one region of a cloud, named or not: {@code eu-west-1}. */
  public boolean isInRegion() {
    return area.equals(IN_REGION)
        || (!area.isEmpty() && Character.isDigit(area.charAt(area.length() - 1)));
  }

  /** As it stands in calls/; {@link #parse} reads it back. */
  public String text() {
    return area.isEmpty() ? host : host + "/" + area;
  }
}
