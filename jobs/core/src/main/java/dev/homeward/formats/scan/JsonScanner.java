package dev.homeward.formats.scan;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.base.ParserMinimalBase;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.json.JsonReadContext;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Jackson parser for many small records of bytes: the same tokens as Jackson's own, for the same
 * texts, and an error where Jackson's strict parser has one. It is used record after record and
 * allocates nothing a field: field names and short texts that return are the same String objects,
 * and a text that nobody asks for is only passed over, eight bytes at a time. A name that stands
 * twice in an object that is read, not skipped, is an error. (Measured: see docs/decisions/0009.)
 *
 * <p>Not for general use: one object or value a record, no comments, no feature switches, and
 * numbers only as their texts, as long and as BigDecimal.
 */
public final class JsonScanner extends ParserMinimalBase {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long BLANKS = ONES * ' ';
  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int NAMES = 1 << 12;
  private static final int TEXTS = 1 << 12;
  private static final int LONGEST_CACHED = 64;

  private byte[] in = {};
  private int start;
  private int at;
  private int end;

  // Open objects and arrays, the outermost at 1.
  private int depth;
  private final boolean[] isObject = new boolean[Json.DEEPEST + 1];
  private final int[] serial = new int[Json.DEEPEST + 1];
  private final int[] undoMark = new int[Json.DEEPEST + 1];
  private boolean started;

  // The value or name at hand.
  private int from;
  private int to;
  private boolean escaped;
  private boolean ascii;
  private long hash;
  private String name;
  private long number;

  /** Digits of a whole number, and whether it has more than a point or exponent allows. */
  private int digits;

  // Names seen, open addressing; cleared when three quarters full.
  private Name[] names = new Name[NAMES];
  private int nameCount;

  /** The name that was read last, in this record or the one before. */
  private Name last = new Name("", new byte[0], 0);

  private int nextSerial;

  // What a name's last object was before an inner object had the name too.
  private Name[] undoName = new Name[16];
  private int[] undoSerial = new int[16];
  private int undoTop;

  /** Short texts that came before, each in the one place of its hash. */
  private final String[] texts = new String[TEXTS];

  private final byte[][] textBytes = new byte[TEXTS][];

  private static final class Name {
    private final String text;
    private final byte[] bytes;
    private final long hash;

    /** The name with its quotes and colon. */
    private final byte[] quoted;

    /**
     * A comma and the above, eight bytes a number; of the last one those bits that the mask has.
     */
    private final long[] led;

    private final int ledBytes;
    private final long lastMask;

    /** The name that followed this one the last time. */
    private Name next;

    /** Serial of the object in which it was seen last. */
    private int object;

    Name(String text, byte[] bytes, long hash) {
      this.hash = hash;
      this.text = text;
      this.bytes = bytes;
      this.quoted = new byte[bytes.length + 3];
      System.arraycopy(bytes, 0, quoted, 1, bytes.length);
      quoted[0] = '"';
      quoted[quoted.length - 2] = '"';
      quoted[quoted.length - 1] = ':';
      this.ledBytes = quoted.length + 1;
      byte[] padded = new byte[(ledBytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
      padded[0] = ',';
      System.arraycopy(quoted, 0, padded, 1, quoted.length);
      this.led = new long[padded.length / Long.BYTES];
      for (int i = 0; i < led.length; i++) {
        led[i] = (long) LONGS.get(padded, i * Long.BYTES);
      }
      this.lastMask = -1L >>> ((padded.length - ledBytes) * Byte.SIZE);
    }
  }

  public JsonScanner() {
    super(StreamReadConstraints.defaults());
  }

  /** Starts over with the record in {@code bytes[recordFrom, recordTo)}. */
  public void reset(byte[] bytes, int recordFrom, int recordTo) {
    in = bytes;
    start = recordFrom;
    at = recordFrom;
    end = recordTo;
    depth = 0;
    started = false;
    undoTop = 0;
    name = null;
    _currToken = null;
    if (nextSerial > Integer.MAX_VALUE - (1 << 26)) {
      Arrays.fill(names, null);
      nameCount = 0;
      nextSerial = 0;
    }
  }

  @Override
  public JsonToken nextToken() throws IOException {
    _currToken = next(true);
    return _currToken;
  }

  @Override
  public ParserMinimalBase skipChildren() throws IOException {
    if (_currToken == JsonToken.START_OBJECT || _currToken == JsonToken.START_ARRAY) {
      int outside = depth - 1;
      do {
        _currToken = next(false);
      } while (depth > outside);
    }
    return this;
  }

  /** Where the next unread byte stands; right behind the token at hand. */
  public int position() {
    return at;
  }

  /** How many objects and arrays are open. */
  int depth() {
    return depth;
  }

  private JsonToken next(boolean wanted) throws JsonDamage {
    if (_currToken == JsonToken.FIELD_NAME) {
      return value(token());
    }
    if (depth == 0) {
      return root();
    }
    boolean first = _currToken == JsonToken.START_OBJECT || _currToken == JsonToken.START_ARRAY;
    if (wanted && isObject[depth] && nameAtOnce(first)) {
      return JsonToken.FIELD_NAME;
    }
    int c = token();
    if (isObject[depth]) {
      if (c == '}') {
        return close(JsonToken.END_OBJECT);
      }
      if (!first) {
        expect(c, ',');
        c = token();
      }
      if (!wanted || !nameAsBefore()) {
        expect(c, '"');
        name(wanted);
        expect(token(), ':');
      }
      return JsonToken.FIELD_NAME;
    }
    if (c == ']') {
      return close(JsonToken.END_ARRAY);
    }
    if (!first) {
      expect(c, ',');
      c = token();
    }
    return value(c);
  }

  private JsonToken root() throws JsonDamage {
    while (at < end && isSpace(in[at])) {
      at++;
    }
    if (at == end) {
      return null;
    }
    if (started) {
      throw damage(Reason.MALFORMED_JSON, "goes on after its end");
    }
    started = true;
    return value(in[at]);
  }

  /** The next byte that is no space; not taken. */
  private int token() throws JsonDamage {
    while (at < end) {
      byte c = in[at];
      if (c > ' ' || !isSpace(c)) {
        return c;
      }
      at++;
    }
    throw damage(Reason.TRUNCATED, "ends in the middle");
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void expect(int c, char wanted) throws JsonDamage {
    if (c != wanted) {
      throw damage(Reason.MALFORMED_JSON, "is not JSON");
    }
    at++;
  }

  private JsonToken value(int c) throws JsonDamage {
    switch (c) {
      case '"' -> {
        at++;
        text();
        return JsonToken.VALUE_STRING;
      }
      case '{' -> {
        open(true);
        return JsonToken.START_OBJECT;
      }
      case '[' -> {
        open(false);
        return JsonToken.START_ARRAY;
      }
      case 't' -> {
        word("true");
        return JsonToken.VALUE_TRUE;
      }
      case 'f' -> {
        word("false");
        return JsonToken.VALUE_FALSE;
      }
      case 'n' -> {
        word("null");
        return JsonToken.VALUE_NULL;
      }
      default -> {
        return number(c);
      }
    }
  }

  private void open(boolean object) throws JsonDamage {
    if (depth == Json.DEEPEST) {
      throw damage(Reason.TOO_DEEP, "is nested too deeply");
    }
    at++;
    depth++;
    isObject[depth] = object;
    serial[depth] = ++nextSerial;
    undoMark[depth] = undoTop;
  }

  private JsonToken close(JsonToken token) {
    at++;
    while (undoTop > undoMark[depth]) {
      undoTop--;
      undoName[undoTop].object = undoSerial[undoTop];
    }
    depth--;
    return token;
  }

  private void word(String word) throws JsonDamage {
    int left = Math.min(word.length(), end - at);
    for (int i = 0; i < left; i++) {
      if (in[at + i] != word.charAt(i)) {
        throw damage(Reason.MALFORMED_JSON, "is not JSON");
      }
    }
    at += left;
    if (left < word.length()) {
      throw damage(Reason.TRUNCATED, "ends in the middle");
    }
    if (at < end && (in[at] < 0 || Character.isJavaIdentifierPart(in[at]))) {
      throw damage(Reason.MALFORMED_JSON, "is not JSON");
    }
  }

  // --- numbers

  private JsonToken number(int first) throws JsonDamage {
    from = at;
    boolean negative = first == '-';
    if (negative) {
      at++;
    }
    int digitsFrom = at;
    long value = 0;
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      value = value * 10 + (in[at++] - '0');
    }
    digits = at - digitsFrom;
    if (digits == 0) {
      throw noNumber();
    }
    if (digits > 1 && in[digitsFrom] == '0') {
      throw damage(Reason.MALFORMED_JSON, "is not JSON");
    }
    number = negative ? -value : value;
    JsonToken token = JsonToken.VALUE_NUMBER_INT;
    if (at < end && in[at] == '.') {
      at++;
      digits();
      token = JsonToken.VALUE_NUMBER_FLOAT;
    }
    if (at < end && (in[at] == 'e' || in[at] == 'E')) {
      at++;
      if (at < end && (in[at] == '+' || in[at] == '-')) {
        at++;
      }
      digits();
      token = JsonToken.VALUE_NUMBER_FLOAT;
    }
    to = at;
    if (to - from > Json.LONGEST_NUMBER) {
      throw damage(Reason.TOO_DEEP, "has a number too long");
    }
    return token;
  }

  private void digits() throws JsonDamage {
    int begin = at;
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      at++;
    }
    if (at == begin) {
      throw damage(
          at == end ? Reason.TRUNCATED : Reason.MALFORMED_JSON,
          at == end ? "ends in the middle" : "is not JSON");
    }
  }

  private JsonDamage noNumber() {
    if (at == end) {
      return damage(Reason.TRUNCATED, "ends in the middle");
    }
    boolean notANumber = end - at >= 3 && in[at] == 'N' && in[at + 1] == 'a' && in[at + 2] == 'N';
    boolean infinite = end - at >= 3 && in[at] == 'I' && in[at + 1] == 'n' && in[at + 2] == 'f';
    if (notANumber || infinite) {
      return damage(Reason.INVALID_NUMBER, "holds a NaN");
    }
    return damage(Reason.MALFORMED_JSON, "is not JSON");
  }

  // --- texts and names

  /** Passes over a text; {@link #at} stands behind its opening quote before, its closing after. */
  private void text() throws JsonDamage {
    byte[] bytes = in;
    int limit = end;
    int i = at;
    from = i;
    escaped = false;
    ascii = true;
    long mixed = 0;
    while (i + 8 <= limit) {
      long word = (long) LONGS.get(bytes, i);
      long special = special(word);
      if (special == 0) {
        mixed = (mixed ^ word) * MIX;
        i += 8;
        continue;
      }
      int clean = Long.numberOfTrailingZeros(special) & ~7;
      i += clean >>> 3;
      if (bytes[i] != '"') {
        break;
      }
      // Shifted in two steps, because a shift by 64 would be none.
      mixed = (mixed ^ (word << 1 << (63 - clean) >>> 1 >>> (63 - clean))) * MIX;
      to = i;
      at = i + 1;
      hash = mixed;
      return;
    }
    restOfText(i);
  }

  /** A bit in each byte that is a quote, a backslash, a control character or not ASCII. */
  private static long special(long word) {
    long quote = word ^ QUOTES;
    long backslash = word ^ BACKSLASHES;
    return ((quote - ONES) & ~quote
            | (backslash - ONES) & ~backslash
            | (word - BLANKS) & ~word
            | word)
        & HIGHS;
  }

  /** Goes on where a text has a special byte, or where the record is nearly at its end. */
  private void restOfText(int begin) throws JsonDamage {
    int i = begin;
    while (true) {
      while (i + 8 <= end && special((long) LONGS.get(in, i)) == 0) {
        i += 8;
      }
      if (i == end) {
        at = i;
        throw damage(Reason.TRUNCATED, "ends in the middle");
      }
      int c = in[i];
      if (c == '"') {
        to = i;
        at = i + 1;
        hash = escaped || !ascii ? 0 : hash(in, from, to);
        return;
      }
      if (c == '\\') {
        escaped = true;
        i = escape(i + 1);
      } else if (c < 0) {
        ascii = false;
        i = utf8(i);
      } else if (c < ' ') {
        at = i;
        throw damage(Reason.MALFORMED_JSON, "is not JSON");
      } else {
        i++;
      }
    }
  }

  private int escape(int i) throws JsonDamage {
    at = i;
    if (i == end) {
      throw damage(Reason.TRUNCATED, "ends in the middle");
    }
    switch (in[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return i + 1;
      }
      case 'u' -> {
        for (int digit = 1; digit <= 4; digit++) {
          if (i + digit >= end) {
            throw damage(Reason.TRUNCATED, "ends in the middle");
          }
          if (in[i + digit] < 0 || Character.digit(in[i + digit], 16) < 0) {
            throw damage(Reason.MALFORMED_JSON, "is not JSON");
          }
        }
        return i + 5;
      }
      default -> throw damage(Reason.MALFORMED_JSON, "is not JSON");
    }
  }

  /** Passes over one character of two to four bytes. */
  private int utf8(int i) throws JsonDamage {
    at = i;
    int lead = in[i] & 0xFF;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) {
      throw damage(Reason.NOT_UTF8, "is not UTF-8");
    }
    if (i + more >= end) {
      throw damage(Reason.TRUNCATED, "ends in the middle");
    }
    for (int k = 1; k <= more; k++) {
      if ((in[i + k] & 0xC0) != 0x80) {
        throw damage(Reason.NOT_UTF8, "is not UTF-8");
      }
    }
    int second = in[i + 1] & 0xFF;
    boolean overlong = lead == 0xE0 && second < 0xA0 || lead == 0xF0 && second < 0x90;
    boolean outside = lead == 0xED && second > 0x9F || lead == 0xF4 && second > 0x8F;
    if (overlong || outside) {
      throw damage(Reason.NOT_UTF8, "is not UTF-8");
    }
    return i + 1 + more;
  }

  /**
   * Takes the name and colon that followed the last name the last time, if they stand here: records
   * of a log are written by one program, which writes its fields in one order.
   */
  private boolean nameAsBefore() throws JsonDamage {
    Name guess = last.next;
    if (guess == null || guess.quoted.length > end - at) {
      return false;
    }
    int behind = at + guess.quoted.length;
    if (!same(guess.quoted, in, at, behind)) {
      return false;
    }
    at = behind;
    seen(guess);
    return true;
  }

  /** The same where no space stands before it, with the comma, or the brace, that leads it. */
  private boolean nameAtOnce(boolean first) throws JsonDamage {
    Name guess = last.next;
    if (guess == null) {
      return false;
    }
    long[] led = guess.led;
    byte[] bytes = in;
    int i = first ? at - 1 : at;
    int behind = i + guess.ledBytes;
    if (behind > end || i + led.length * Long.BYTES > bytes.length) {
      return false;
    }
    long lead = first ? ',' ^ '{' : 0;
    for (int word = 0; word < led.length - 1; word++) {
      if (((long) LONGS.get(bytes, i) ^ lead) != led[word]) {
        return false;
      }
      lead = 0;
      i += Long.BYTES;
    }
    if ((((long) LONGS.get(bytes, i) ^ lead ^ led[led.length - 1]) & guess.lastMask) != 0) {
      return false;
    }
    at = behind;
    seen(guess);
    return true;
  }

  private void name(boolean wanted) throws JsonDamage {
    text();
    if (to - from > Json.LONGEST_NAME) {
      throw damage(Reason.TOO_DEEP, "has a name too long");
    }
    if (!wanted) {
      name = null;
      return;
    }
    Name seen;
    if (escaped || !ascii) {
      byte[] decoded = decode().getBytes(StandardCharsets.UTF_8);
      seen = lookUp(decoded, 0, decoded.length, hash(decoded, 0, decoded.length));
    } else {
      seen = lookUp(in, from, to, hash);
    }
    last.next = escaped || !ascii ? null : seen;
    seen(seen);
  }

  private void seen(Name seen) throws JsonDamage {
    last = seen;
    name = seen.text;
    if (seen.object == serial[depth]) {
      throw damage(Reason.MALFORMED_JSON, "names a field twice");
    }
    // Only an object around this one, in this record, must find its mark again.
    if (seen.object >= serial[1]) {
      if (undoTop == undoName.length) {
        undoName = Arrays.copyOf(undoName, undoTop * 2);
        undoSerial = Arrays.copyOf(undoSerial, undoTop * 2);
      }
      undoName[undoTop] = seen;
      undoSerial[undoTop++] = seen.object;
    }
    seen.object = serial[depth];
  }

  /** What {@link #text} mixes for these bytes. */
  private static long hash(byte[] bytes, int hashFrom, int hashTo) {
    long mixed = 0;
    int i = hashFrom;
    for (; i + 8 <= hashTo; i += 8) {
      mixed = (mixed ^ (long) LONGS.get(bytes, i)) * MIX;
    }
    long word = 0;
    for (int k = hashTo - 1; k >= i; k--) {
      word = word << 8 | bytes[k] & 0xFF;
    }
    mixed = (mixed ^ word) * MIX;
    return mixed;
  }

  /** Whether {@code known} stands in {@code bytes[from, to)}. */
  private static boolean same(byte[] known, byte[] bytes, int from, int to) {
    int length = known.length;
    if (length != to - from) {
      return false;
    }
    if (length < 8) {
      return sameFew(known, bytes, from, length);
    }
    for (int i = 0; i < length - 8; i += 8) {
      if ((long) LONGS.get(known, i) != (long) LONGS.get(bytes, from + i)) {
        return false;
      }
    }
    // The last eight bytes, whether or not some of them were compared before.
    return (long) LONGS.get(known, length - 8) == (long) LONGS.get(bytes, to - 8);
  }

  private static boolean sameFew(byte[] known, byte[] bytes, int from, int length) {
    if (length >= 4) {
      return (int) INTS.get(known, 0) == (int) INTS.get(bytes, from)
          && (int) INTS.get(known, length - 4) == (int) INTS.get(bytes, from + length - 4);
    }
    for (int i = 0; i < length; i++) {
      if (known[i] != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private Name lookUp(byte[] bytes, int nameFrom, int nameTo, long nameHash) {
    int slot = (int) (nameHash >>> 52) & NAMES - 1;
    for (Name known = names[slot]; known != null; known = names[slot]) {
      if (known.hash == nameHash && same(known.bytes, bytes, nameFrom, nameTo)) {
        return known;
      }
      slot = slot + 1 & NAMES - 1;
    }
    if (nameCount > NAMES * 3 / 4) {
      // A log with names without end; what the open objects had is checked no more.
      names = new Name[NAMES];
      nameCount = 0;
    }
    byte[] copy = Arrays.copyOfRange(bytes, nameFrom, nameTo);
    Name added = new Name(new String(copy, StandardCharsets.UTF_8).intern(), copy, nameHash);
    names[slot] = added;
    nameCount++;
    return added;
  }

  @Override
  public String getText() {
    if (_currToken == null) {
      return null;
    }
    return switch (_currToken) {
      case FIELD_NAME -> name;
      case VALUE_STRING -> escaped || !ascii ? decode() : cached();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numberText();
      default -> _currToken.asString();
    };
  }

  private String numberText() {
    return new String(in, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private String cached() {
    int length = to - from;
    if (length > LONGEST_CACHED) {
      return new String(in, from, length, StandardCharsets.ISO_8859_1);
    }
    int slot = (int) (hash >>> 52) & TEXTS - 1;
    byte[] known = textBytes[slot];
    if (known != null && same(known, in, from, to)) {
      return texts[slot];
    }
    textBytes[slot] = Arrays.copyOfRange(in, from, to);
    texts[slot] = new String(in, from, length, StandardCharsets.ISO_8859_1);
    return texts[slot];
  }

  @SuppressWarnings("IncrementInForLoopAndHeader") // an escape is longer than one character
  private String decode() {
    if (!escaped) {
      return new String(in, from, to - from, StandardCharsets.UTF_8);
    }
    StringBuilder decoded = new StringBuilder(to - from);
    int run = from;
    for (int i = from; i < to; i++) {
      if (in[i] != '\\') {
        continue;
      }
      decoded.append(new String(in, run, i - run, StandardCharsets.UTF_8));
      i++;
      switch (in[i]) {
        case 'b' -> decoded.append('\b');
        case 'f' -> decoded.append('\f');
        case 'n' -> decoded.append('\n');
        case 'r' -> decoded.append('\r');
        case 't' -> decoded.append('\t');
        case 'u' -> {
          String code = new String(in, i + 1, 4, StandardCharsets.ISO_8859_1);
          decoded.append((char) Integer.parseInt(code, 16));
          i += 4;
        }
        default -> decoded.append((char) in[i]);
      }
      run = i + 1;
    }
    return decoded.append(new String(in, run, to - run, StandardCharsets.UTF_8)).toString();
  }

  // --- the bytes at hand, for readers of times, ids and amounts

  /** Whether the text or number at hand stands in the record as it is, in ASCII. */
  public boolean isPlain() {
    return _currToken == JsonToken.VALUE_STRING ? ascii && !escaped : _currToken.isNumeric();
  }

  /** Holds the text or number at hand in {@code [from, to)}; without the quotes. */
  public byte[] bytes() {
    return in;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  // --- the rest of Jackson's parser

  @Override
  public long getLongValue() throws IOException {
    if (_currToken == JsonToken.VALUE_NUMBER_INT) {
      if (digits <= 18) {
        return number;
      }
      BigInteger big = getBigIntegerValue();
      if (big.bitLength() <= 63) {
        return big.longValue();
      }
    }
    throw damage(Reason.INVALID_NUMBER, "holds a number that is not whole or not of 64 bits");
  }

  @Override
  public int getIntValue() throws IOException {
    return Math.toIntExact(getLongValue());
  }

  @Override
  public NumberType getNumberType() {
    if (_currToken == JsonToken.VALUE_NUMBER_INT) {
      boolean big = digits > 18 && getBigIntegerValue().bitLength() > 63;
      return big ? NumberType.BIG_INTEGER : NumberType.LONG;
    }
    return _currToken == JsonToken.VALUE_NUMBER_FLOAT ? NumberType.BIG_DECIMAL : null;
  }

  @Override
  public Number getNumberValue() throws IOException {
    return _currToken == JsonToken.VALUE_NUMBER_INT ? getBigIntegerValue() : getDecimalValue();
  }

  @Override
  public BigInteger getBigIntegerValue() {
    return new BigInteger(numberText());
  }

  @Override
  public BigDecimal getDecimalValue() throws IOException {
    try {
      return new BigDecimal(numberText());
    } catch (NumberFormatException e) {
      throw damage(Reason.INVALID_NUMBER, "holds a number out of all range");
    }
  }

  @Override
  public double getDoubleValue() {
    return Double.parseDouble(numberText());
  }

  @Override
  public float getFloatValue() {
    return Float.parseFloat(numberText());
  }

  @Override
  public char[] getTextCharacters() {
    return getText().toCharArray();
  }

  @Override
  public boolean hasTextCharacters() {
    return false;
  }

  @Override
  public int getTextLength() {
    return getText().length();
  }

  @Override
  public int getTextOffset() {
    return 0;
  }

  @Override
  public byte[] getBinaryValue(Base64Variant variant) {
    throw new UnsupportedOperationException(
        "Cannot read a text as base64: no log format holds binary values");
  }

  @Override
  public String currentName() {
    return name;
  }

  @Override
  @Deprecated
  public String getCurrentName() {
    return name;
  }

  @Override
  public void overrideCurrentName(String other) {
    name = other;
  }

  @Override
  public JsonLocation currentLocation() {
    return location();
  }

  @Override
  public JsonLocation currentTokenLocation() {
    return location();
  }

  @Override
  @Deprecated
  public JsonLocation getCurrentLocation() {
    return location();
  }

  @Override
  @Deprecated
  public JsonLocation getTokenLocation() {
    return location();
  }

  private JsonLocation location() {
    return new JsonLocation(ContentReference.unknown(), at - start, 1, at - start + 1);
  }

  @Override
  public JsonStreamContext getParsingContext() {
    return JsonReadContext.createRootContext(null);
  }

  @Override
  public ObjectCodec getCodec() {
    return null;
  }

  @Override
  public void setCodec(ObjectCodec codec) {
    throw new UnsupportedOperationException("Cannot bind objects: adapters read token by token");
  }

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void close() {
    in = new byte[0];
  }

  @Override
  protected void _handleEOF() {
    // Every end of input is met in token().
  }

  private JsonDamage damage(Reason reason, String what) {
    return new JsonDamage(reason, what, at - start + 1);
  }
}
