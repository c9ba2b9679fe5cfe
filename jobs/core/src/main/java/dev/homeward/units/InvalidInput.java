package dev.homeward.units;

import java.util.List;

/**
 * Bad input from the user: a file, a flag or a value that cannot be used. The command line prints
 * the message without a stack trace and exits with 2. Each problem is one line that names what is
 * wrong, where, the value, and what to do.
 */
public final class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One problem, one line: line ends and the like, in values it quotes, are written out. */
  public InvalidInput(String problem) {
    super(VisibleText.of(problem));
  }

  /** One problem with the failure that caused it. */
  public InvalidInput(String problem, Throwable cause) {
    super(VisibleText.of(problem), cause);
  }

  /** Several problems found at once, one a line. */
  public InvalidInput(List<String> problems) {
    super(VisibleText.ofLines(String.join("\n", problems)));
  }
}
