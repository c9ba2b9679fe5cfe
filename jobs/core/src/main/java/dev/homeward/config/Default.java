package dev.homeward.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key has where a file leaves it out. Without this a key must be given, unless its component
 * is optional, a list or a map: those are then empty.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** The value as it would stand in a JSON file, such as {@code 24} or {@code "standard"}. */
  String value() default "";

  /** The key of the same entry whose value it has, such as {@code parameters}. */
  String sameAs() default "";
}
