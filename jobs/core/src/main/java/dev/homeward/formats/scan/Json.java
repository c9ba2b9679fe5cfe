package dev.homeward.formats.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.homeward.calls.CallDraft;
import dev.homeward.units.NanoUsd;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Reads values of a JSON stream strictly: a value of the wrong type is a rejection with the field's
 * name. A JSON null is absent. Texts that nobody asks for are skipped and never become Strings.
 */
public final class Json {
  static final int DEEPEST = 200;
  static final int LONGEST_NUMBER = 100;
  static final int LONGEST_NAME = 20_000;
  private static final long LARGEST_SUM = 1_000_000_000_000_000L;
  private static final long MOST_NANOS = 1_000_000_000_000_000_000L;
  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private static final BigDecimal MOST_DOLLARS = new BigDecimal("1e9");

  /** Its buffers are not kept for the next text: what stood in them would stay in memory. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private Json() {}

  /**
   * Steps into the object at the parser: the name of its first field, with the parser on the
   * field's value. Null if the object is empty, or if the value is no object, which is then passed
   * over. An adapter reads an object so, and leaves each value either read or skipped:
   *
   * <pre>
   * for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
   *   switch (field) {
   *     case "tokens_in" -> usage.input = Json.tokens(p, field);
   *     default -> p.skipChildren();
   *   }
   * }
   * </pre>
   */
  public static String firstField(JsonParser p) throws IOException {
    if (!isObject(p)) {
      p.skipChildren();
      return null;
    }
    return nextField(p);
  }

  /** The name of the next field, with the parser on its value; null at the end of the object. */
  public static String nextField(JsonParser p) throws IOException {
    if (p.nextToken() != JsonToken.FIELD_NAME) {
      return null;
    }
    String field = p.currentName();
    p.nextToken();
    return field;
  }

  /**
   * Steps into the array at the parser: whether the parser now stands on a first item. False if the
   * array is empty, or if the value is no array, which is then passed over.
   */
  public static boolean firstItem(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return false;
    }
    return nextItem(p);
  }

  /** Whether the parser now stands on a next item; false at the end of the array. */
  public static boolean nextItem(JsonParser p) throws IOException {
    return p.nextToken() != JsonToken.END_ARRAY;
  }

  /** The token count at the parser, or ABSENT for null. */
  public static long tokens(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NUMBER_INT
        && p.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw new RejectedRecord(Reason.TOKENS_TOO_LARGE, field + " does not fit into 64 bits");
    }
    long value = number(p, field);
    checkTokens(value, field);
    return value;
  }

  /** Tokens or calls of many calls at the parser, up to 1e15, or ABSENT for null. */
  public static long sum(JsonParser p, String field) throws IOException, RejectedRecord {
    long value = number(p, field);
    checkSum(value, field);
    return value;
  }

  /** Tokens or calls of many calls that a text of CSV holds, up to 1e15. */
  public static long sum(String text, String field) throws RejectedRecord {
    long value = whole(decimal(text, field), field);
    checkSum(value, field);
    return value;
  }

  private static void checkSum(long value, String field) throws RejectedRecord {
    if (value != CallDraft.ABSENT && value < 0) {
      throw new RejectedRecord(
          Reason.NEGATIVE_TOKENS, "%s is %d (must be 0 or more)".formatted(field, value));
    }
    if (value > LARGEST_SUM) {
      throw new RejectedRecord(
          Reason.TOKENS_TOO_LARGE, "%s is %d (more than %d)".formatted(field, value, LARGEST_SUM));
    }
  }

  static void checkTokens(long value, String field) throws RejectedRecord {
    if (value == CallDraft.ABSENT) {
      return;
    }
    if (value < 0) {
      throw new RejectedRecord(
          Reason.NEGATIVE_TOKENS, "%s is %d (must be 0 or more)".formatted(field, value));
    }
    if (value > Integer.MAX_VALUE) {
      throw new RejectedRecord(
          Reason.TOKENS_TOO_LARGE,
          "%s is %d (more than %d)".formatted(field, value, Integer.MAX_VALUE));
    }
  }

  /** The whole number at the parser, or ABSENT for null. A fraction of zero (12.0) is accepted. */
  public static long number(JsonParser p, String field) throws IOException, RejectedRecord {
    return switch (p.currentToken()) {
      case VALUE_NULL -> CallDraft.ABSENT;
      case VALUE_NUMBER_INT -> {
        try {
          yield present(p.getLongValue(), field);
        } catch (IOException e) {
          throw new RejectedRecord(Reason.INVALID_NUMBER, field + " does not fit into 64 bits");
        }
      }
      case VALUE_NUMBER_FLOAT -> whole(decimal(p, field), field);
      default -> throw wrongType(p, field, "a number");
    };
  }

  /** Digits before the point; in 64 bits, because the scale of 1e2147483647 nearly fills 32. */
  static long magnitude(BigDecimal value) {
    return (long) value.precision() - value.scale();
  }

  public static long whole(BigDecimal value, String field) throws RejectedRecord {
    try {
      if (magnitude(value) > 30 || value.scale() > 400) {
        throw new ArithmeticException();
      }
      return present(value.longValueExact(), field);
    } catch (ArithmeticException e) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is not a whole number of 64 bits");
    }
  }

  /** The amount of dollars at the parser in nano-dollars, or ABSENT for null. */
  public static long dollars(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL) {
      return CallDraft.ABSENT;
    }
    if (!p.currentToken().isNumeric()) {
      throw wrongType(p, field, "a number");
    }
    if (p instanceof JsonScanner scanner) {
      long nanos = nanos(scanner.bytes(), scanner.from(), scanner.to());
      if (nanos >= 0) {
        return nanos;
      }
    }
    return dollars(decimal(p, field), field);
  }

  /**
   * Dollars as a JSON number in nano-dollars, half even; -1 where the amount is negative, has more
   * than 18 digits, or is not between 0 and 1e9: then BigDecimal finds out what it is.
   */
  public static long nanos(byte[] number, int from, int to) {
    long mantissa = 0;
    int digits = 0;
    int scale = 9;
    int i = from;
    boolean fraction = false;
    for (; i < to; i++) {
      byte c = number[i];
      if (c >= '0' && c <= '9') {
        mantissa = mantissa * 10 + (c - '0');
        digits += mantissa == 0 ? 0 : 1;
        scale -= fraction ? 1 : 0;
        if (digits > 18) {
          return -1;
        }
      } else if (c == '.') {
        fraction = true;
      } else {
        break;
      }
    }
    if (i < to) {
      boolean exponent = number[i] == 'e' || number[i] == 'E';
      if (!exponent || to - i > 4) {
        return -1;
      }
      i++;
      boolean negative = number[i] == '-';
      i += negative || number[i] == '+' ? 1 : 0;
      int power = 0;
      for (; i < to; i++) {
        power = power * 10 + (number[i] - '0');
      }
      scale += negative ? -power : power;
    }
    if (scale >= 0) {
      return scale > 18 || mantissa > MOST_NANOS / POWERS[scale] ? -1 : mantissa * POWERS[scale];
    }
    if (scale < -18) {
      return mantissa == 0 ? 0 : -1;
    }
    long unit = POWERS[-scale];
    long whole = mantissa / unit;
    long rest = mantissa % unit;
    long half = unit / 2;
    boolean up = rest > half || rest == half && (whole & 1) == 1;
    long nanos = whole + (up ? 1 : 0);
    return nanos > MOST_NANOS ? -1 : nanos;
  }

  public static long dollars(BigDecimal value, String field) throws RejectedRecord {
    // The scale is looked at first: 1e999999999 must not be expanded.
    if (value.signum() < 0 || magnitude(value) > 10 || value.scale() > 400) {
      throw new RejectedRecord(
          Reason.INVALID_NUMBER, field + " is not an amount between 0 and 1e9 dollars");
    }
    if (value.compareTo(MOST_DOLLARS) > 0) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is more than 1e9 dollars");
    }
    return NanoUsd.ofDollars(value).nanos();
  }

  private static BigDecimal decimal(JsonParser p, String field) throws IOException, RejectedRecord {
    try {
      return p.getDecimalValue();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is not a decimal number");
    }
  }

  /** The text at the parser, or null for null. */
  public static String text(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongType(p, field, "a text");
    }
    return p.getText();
  }

  /** The scalar at the parser as a text (numbers and booleans too), or null for anything else. */
  public static String scalar(JsonParser p) throws IOException {
    return p.currentToken().isScalarValue() && p.currentToken() != JsonToken.VALUE_NULL
        ? p.getText()
        : null;
  }

  /** How many objects and arrays are open, to be given to {@link #climb}. */
  public static int depth(JsonParser p) {
    return p instanceof JsonScanner scanner ? scanner.depth() : 0;
  }

  /** Passes over what is left of the objects and arrays that were opened since. */
  public static void climb(JsonParser p, int depth) throws IOException {
    while (p instanceof JsonScanner scanner && scanner.depth() > depth) {
      p.nextToken();
    }
  }

  /** The same; children of anything else are passed over. */
  public static String skippedScalar(JsonParser p) throws IOException {
    String value = scalar(p);
    p.skipChildren();
    return value;
  }

  /** Seconds since 1970 at the parser, as a number or a text, in microseconds; ABSENT for null. */
  public static long seconds(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = numberText(p, field);
    return text == null ? CallDraft.ABSENT : Times.ofSeconds(text, field);
  }

  /** Milliseconds at the parser, as a number or a text, in microseconds; ABSENT for null. */
  public static long millis(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = numberText(p, field);
    return text == null ? CallDraft.ABSENT : Times.ofMillis(text, field);
  }

  private static String numberText(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!p.currentToken().isNumeric() && p.currentToken() != JsonToken.VALUE_STRING) {
      throw wrongType(p, field, "a number");
    }
    String text = p.getText();
    return text.isEmpty() ? null : text;
  }

  /** The decimal number that a text of CSV holds. */
  public static BigDecimal decimal(String text, String field) throws RejectedRecord {
    try {
      if (text.length() <= LONGEST_NUMBER) {
        return new BigDecimal(text.trim());
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is not a number");
  }

  /** The token count that a text of CSV holds. */
  public static long tokens(String text, String field) throws RejectedRecord {
    BigDecimal value = decimal(text, field);
    if (value.signum() > 0 && magnitude(value) > 18) {
      throw new RejectedRecord(Reason.TOKENS_TOO_LARGE, field + " does not fit into 64 bits");
    }
    long tokens = whole(value, field);
    checkTokens(tokens, field);
    return tokens;
  }

  /** The number, unless it is the one that stands for no number at all. */
  private static long present(long value, String field) throws RejectedRecord {
    if (value == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.NEGATIVE_TOKENS, field + " is out of all range");
    }
    return value;
  }

  public static boolean isObject(JsonParser p) {
    return p.currentToken() == JsonToken.START_OBJECT;
  }

  public static RejectedRecord wrongType(JsonParser p, String field, String wanted) {
    return new RejectedRecord(
        Reason.WRONG_TYPE,
        "%s is %s (must be %s)".formatted(field, kind(p.currentToken()), wanted));
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "a number";
    };
  }
}
