package dev.homeward.focus;

import dev.homeward.units.InvalidInput;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A version of the specification that files are written in, in the order they came. */
public enum FocusVersion {
  V1_2("1.2"),
  V1_3("1.3");

  /** What a review writes unless told otherwise. */
  public static final FocusVersion DEFAULT = V1_3;

  private final String number;

  FocusVersion(String number) {
    this.number = number;
  }

  /** As the specification writes it, such as 1.2. */
  public String number() {
    return number;
  }

  /**
   * Reads {@link #number}.
   *
   * @throws InvalidInput if it is another version
   */
  public static FocusVersion parse(String text) {
    for (FocusVersion version : values()) {
      if (version.number.equals(text)) {
        return version;
      }
    }
    throw new InvalidInput(
        "Invalid version of FOCUS: %s (%s)"
            .formatted(
                text,
                Arrays.stream(values())
                    .map(FocusVersion::number)
                    .collect(Collectors.joining(", "))));
  }
}
