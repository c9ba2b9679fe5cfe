package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;

/**
 * Takes a name from one of a call's attributes.
 *
 * @param name the name to give; empty: the value
 */
record NamingRule(@JsonUnwrapped AttributeMatch match, Optional<String> name) {}
