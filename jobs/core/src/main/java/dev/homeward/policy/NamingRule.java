package dev.homeward.policy;

/**
 * Takes a name from one of a call's attributes.
 *
 * @param from which attribute
 * @param prefix matches values with this prefix, in capitals or not, and cuts it off; empty: all
 * @param exact matches this value only; null: any
 * @param name the name to give; null: the value
 */
record NamingRule(String from, String prefix, String exact, String name) {

  /** The name this rule gives to an attribute, or null if it does not match. */
  String apply(String source, String value) {
    if (!from.equals(source) || !value.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return null;
    }
    String rest = value.substring(prefix.length());
    if (exact != null && !rest.equals(exact)) {
      return null;
    }
    return name != null ? name : rest;
  }
}
