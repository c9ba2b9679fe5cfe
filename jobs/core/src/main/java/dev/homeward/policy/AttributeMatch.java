package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.homeward.config.Default;
import java.util.Optional;

/**
 * Selects the attributes of a call that a rule applies to.
 *
 * @param from which attribute
 * @param prefix matches values that begin with this, in upper or lower case, and cuts it off;
 *     empty: all values
 * @param exact matches this value only, after the prefix
 */
record AttributeMatch(
    String from, @Default("\"\"") String prefix, @JsonProperty("equals") Optional<String> exact) {

  /** The value without its prefix; null if it does not match. */
  String match(String source, String value) {
    if (!from.equals(source) || !value.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return null;
    }
    String rest = value.substring(prefix.length());
    return exact.isPresent() && !rest.equals(exact.get()) ? null : rest;
  }
}
