package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.homeward.config.Default;
import java.util.Optional;

/**
 * Selects the attributes of a call that a rule applies to; {@link RuleIndex} finds them.
 *
 * @param from which attribute
 * @param prefix matches values that begin with this, in upper or lower case, and cuts it off;
 *     empty: all values
 * @param exact matches this value only, after the prefix
 */
record AttributeMatch(
    String from, @Default("\"\"") String prefix, @JsonProperty("equals") Optional<String> exact) {}
