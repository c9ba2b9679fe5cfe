package dev.homeward.formats.mapped;

import java.util.Set;

/** The words by which tables say how a call ended, where a mapping names none. */
final class StatusWords {
  private static final Set<String> FAILURE =
      Set.of(
          "error",
          "err",
          "errored",
          "failed",
          "fail",
          "failure",
          "false",
          "timeout",
          "timed_out",
          "timedout",
          "timed out",
          "ko",
          "no",
          "n",
          "cancelled",
          "canceled",
          "aborted",
          "rejected",
          "exception",
          "rate_limited",
          "ratelimited",
          "rate limited",
          "fehler",
          "fehlgeschlagen",
          "erreur",
          "echec");
  private static final Set<String> SUCCESS =
      Set.of(
          "ok",
          "success",
          "successful",
          "succeeded",
          "true",
          "yes",
          "y",
          "completed",
          "complete",
          "done",
          "finished",
          "passed",
          "stop",
          "erfolg",
          "erfolgreich",
          "succes",
          "exito",
          "0",
          "1");

  private StatusWords() {}

  /** Whether a word, in lower case, or a status of HTTP means a failure. */
  static boolean isFailure(String word) {
    return FAILURE.contains(word) || isHttp(word) && word.charAt(0) >= '4';
  }

  /** Whether it is told what a word, in lower case, means. */
  static boolean isKnown(String word) {
    return FAILURE.contains(word) || SUCCESS.contains(word) || isHttp(word);
  }

  private static boolean isHttp(String word) {
    return word.length() == 3
        && word.charAt(0) >= '1'
        && word.charAt(0) <= '5'
        && Character.isDigit(word.charAt(1))
        && Character.isDigit(word.charAt(2));
  }
}
