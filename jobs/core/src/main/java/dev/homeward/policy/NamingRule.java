package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;

/**
 * Takes a name from one of a call's attributes.
 *
 * @param name the name to give; empty: the value
 */
record NamingRule(@JsonUnwrapped AttributeMatch match, Optional<String> name) {

  /** The name this rule gives to an attribute, or null if it does not match. */
  String apply(String source, String value) {
    String rest = match.match(source, value);
    return rest == null ? null : name.orElse(rest);
  }
}
