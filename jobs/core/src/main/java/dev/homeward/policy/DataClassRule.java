package dev.homeward.policy;

import dev.homeward.catalog.Providers;
import java.util.List;

/**
 * A class of data and where it may go.
 *
 * @param name lower-case name
 * @param aliases other spellings, in upper or lower case
 * @param regions where it may be at a provider; empty: anywhere
 * @param providers with API_WITH_AGREEMENT: who has an agreement
 */
public record DataClassRule(
    String name, List<String> aliases, Place place, List<String> providers, List<String> regions) {

  public DataClassRule {
    aliases = List.copyOf(aliases);
    providers = List.copyOf(providers);
    regions = List.copyOf(regions);
  }

  /**
   * Whether a provider may see such data in a region.
   *
   * @param provider by any of its names; empty if it is not known
   * @param region likewise; an unknown region is allowed
   */
  public boolean allows(String provider, String region) {
    if (!regions.isEmpty() && !region.isEmpty() && !regions.contains(region)) {
      return false;
    }
    return switch (place) {
      case API_ALLOWED -> true;
      case API_WITH_AGREEMENT ->
          providers.contains(provider)
              || (!provider.isEmpty()
                  && providers.stream()
                      .map(Providers::canonical)
                      .anyMatch(Providers.canonical(provider)::equals));
      case LOCAL_ONLY -> false;
    };
  }
}
