package dev.homeward.formats.mapped;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** Hands the values of a JSON object to a call, by the places that a mapping names. */
final class MappedJson {
  /** A longer text is looked into by nobody: JSON in a text is an object of counts. */
  private static final int LONGEST_INSIDE = 1 << 16;

  private final MappedCall call;

  MappedJson(MappedCall call) {
    this.call = call;
  }

  /** Reads the object that the parser stands on, to its end. */
  void object(JsonParser p, ColumnTree.Node node) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      ColumnTree.Node at = node.step(key);
      JsonToken token = p.currentToken();
      if (token == JsonToken.START_OBJECT && at.isOpened()) {
        object(p, at);
      } else if (token == JsonToken.START_ARRAY && isList(at)) {
        list(p, at);
      } else if (token == JsonToken.VALUE_STRING && at.isAboveNamed()) {
        inside(p, at);
      } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        scalar(p, at);
      } else {
        wrongType(p, at);
        p.skipChildren();
      }
    }
  }

  private static void wrongType(JsonParser p, ColumnTree.Node at) throws RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL || at.isOpened()) {
      return;
    }
    for (ColumnTree.Target target : at.targets()) {
      if (target.field() != null) {
        throw Json.wrongType(p, target.field().key(), "a single value");
      }
    }
  }

  private static boolean isList(ColumnTree.Node at) {
    return !at.targets().isEmpty()
        && at.targets().stream().allMatch(target -> target.attribute() != null);
  }

  /** Each of a list's texts is a name. */
  private void list(JsonParser p, ColumnTree.Node at) throws IOException, RejectedRecord {
    while (p.nextToken() != JsonToken.END_ARRAY) {
      if (p.currentToken().isScalarValue() && p.currentToken() != JsonToken.VALUE_NULL) {
        scalar(p, at);
      } else {
        p.skipChildren();
      }
    }
  }

  private void scalar(JsonParser p, ColumnTree.Node at) throws IOException, RejectedRecord {
    if (at.targets().isEmpty()) {
      return;
    }
    boolean number = p.currentToken().isNumeric();
    if (!MappedCall.isShort(length(p))) {
      for (ColumnTree.Target target : at.targets()) {
        if (target.field() != null) {
          throw MappedCall.tooLong(target.field());
        }
      }
      return;
    }
    String text = p.getText();
    for (ColumnTree.Target target : at.targets()) {
      call.take(target, text, number ? '.' : call.decimal());
    }
  }

  /** Bytes of a text, without making it. */
  private static int length(JsonParser p) throws IOException {
    return p instanceof JsonScanner scanner ? scanner.to() - scanner.from() : p.getTextLength();
  }

  /** JSON that stands in a text. */
  private void inside(JsonParser p, ColumnTree.Node at) throws IOException, RejectedRecord {
    if (length(p) > LONGEST_INSIDE) {
      throw new RejectedRecord(
          Reason.RECORD_TOO_LARGE,
          "JSON in a text is longer than %d bytes".formatted(LONGEST_INSIDE));
    }
    try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
      if (inner.nextToken() == JsonToken.START_OBJECT) {
        object(inner, at);
      }
    } catch (JsonProcessingException e) {
      throw new RejectedRecord(Reason.MALFORMED_JSON, "a text holds no JSON object");
    }
  }
}
