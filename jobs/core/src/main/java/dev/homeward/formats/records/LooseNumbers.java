package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;

/**
 * Numbers that a source writes as numbers or as texts, with nothing, a dash or a word where it
 * knows none: access logs, attributes of events, columns of tables. What is not told is ABSENT.
 */
public final class LooseNumbers {
  private LooseNumbers() {}

  /** The token count at the parser. */
  public static long tokens(JsonParser p, String field) throws IOException, RejectedRecord {
    return p.currentToken() == JsonToken.VALUE_STRING
        ? tokens(p.getText(), field)
        : Json.tokens(p, field);
  }

  /** The token count that a text holds. */
  public static long tokens(String text, String field) throws RejectedRecord {
    return isUnknown(text) ? CallDraft.ABSENT : Json.tokens(text, field);
  }

  /** The count of milliseconds at the parser, in microseconds. */
  public static long millis(JsonParser p, String field) throws IOException, RejectedRecord {
    return isUnknownText(p) ? CallDraft.ABSENT : Json.millis(p, field);
  }

  /** The count of milliseconds that a text holds, in microseconds. */
  public static long millis(String text, String field) throws RejectedRecord {
    return isUnknown(text) ? CallDraft.ABSENT : Times.ofMillis(text, field);
  }

  /** The count of seconds at the parser, in microseconds. */
  public static long seconds(JsonParser p, String field) throws IOException, RejectedRecord {
    return isUnknownText(p) ? CallDraft.ABSENT : Json.seconds(p, field);
  }

  /** The count of seconds that a text holds, in microseconds. */
  public static long seconds(String text, String field) throws RejectedRecord {
    return isUnknown(text) ? CallDraft.ABSENT : Times.ofSeconds(text, field);
  }

  /** The amount of dollars at the parser, in nano-dollars. */
  public static long dollars(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      return Json.dollars(p, field);
    }
    String text = p.getText();
    return isUnknown(text) ? CallDraft.ABSENT : Json.dollars(Json.decimal(text, field), field);
  }

  /** Whether a text says that the source does not know. */
  public static boolean isUnknown(String text) {
    return switch (text) {
      case "", "-", "null", "nil", "none", "None", "NaN" -> true;
      default -> text.isBlank();
    };
  }

  private static boolean isUnknownText(JsonParser p) throws IOException {
    return p.currentToken() == JsonToken.VALUE_STRING && isUnknown(p.getText());
  }
}
