package dev.homeward.policy;

import java.util.List;

/**
 * A class of data and what it may do.
 *
 * @param name lower-case name
 * @param aliases other spellings, lower case
 * @param providers with API_WITH_AGREEMENT: who has an agreement
 */
public record DataClassRule(
    String name, List<String> aliases, Place place, List<String> providers) {

  /** Whether a provider may see such data. */
  public boolean allows(String provider) {
    return switch (place) {
      case API_ALLOWED -> true;
      case API_WITH_AGREEMENT -> providers.contains(provider);
      case LOCAL_ONLY -> false;
    };
  }
}
