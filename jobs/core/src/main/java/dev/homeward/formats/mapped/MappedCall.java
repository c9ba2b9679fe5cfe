package dev.homeward.formats.mapped;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.mapped.Mapping.Counted;
import dev.homeward.formats.mapped.Mapping.Source;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a call of the texts of one record, each given with the field that the mapping says its
 * column is. A record is rejected for what contradicts the mapping, never for a column that it does
 * not name.
 */
final class MappedCall {
  private static final String SOURCE = "own";

  /** A longer text is no name and no number; attributes keep less. */
  static final int LONGEST_TEXT = 256;

  private static final BigDecimal MOST_TOKENS = new BigDecimal("1e18");

  private final Mapping mapping;
  private final ReadContext context;
  private final Source[] sources = new Source[MappedField.values().length];
  private final WrittenTime times = new WrittenTime();
  private final Usage usage = new Usage();
  private CallDraft draft;
  private long start;
  private long end;
  private long startClock;
  private long endClock;
  private boolean startIsDay;
  private boolean endIsDay;
  private boolean onlyDay;
  private long duration;
  private long firstToken;
  private long total;
  private BigDecimal cost;
  private boolean failed;
  private char mark;

  MappedCall(Mapping mapping, ReadContext context) {
    this.mapping = mapping;
    this.context = context;
    mapping.columns().forEach((field, source) -> sources[field.ordinal()] = source);
  }

  void begin(CallDraft into) {
    draft = into;
    usage.clear();
    start = CallDraft.ABSENT;
    end = CallDraft.ABSENT;
    startClock = CallDraft.ABSENT;
    endClock = CallDraft.ABSENT;
    startIsDay = false;
    endIsDay = false;
    duration = CallDraft.ABSENT;
    firstToken = CallDraft.ABSENT;
    total = CallDraft.ABSENT;
    cost = null;
    failed = false;
  }

  /**
   * Whether a text of this many bytes can be what a field holds; a longer one is not to be read.
   */
  static boolean isShort(int bytes) {
    return bytes <= 4 * LONGEST_TEXT;
  }

  /** Rejects a text that is too long for its field. */
  static RejectedRecord tooLong(MappedField field) {
    Reason reason =
        field.kind() == MappedField.Kind.TEXT ? Reason.WRONG_TYPE : Reason.INVALID_NUMBER;
    return new RejectedRecord(
        reason, "%s is a text of more than %d characters".formatted(field.key(), LONGEST_TEXT));
  }

  char decimal() {
    return mapping.decimal();
  }

  /** Takes a value for what the mapping says it is. */
  void take(ColumnTree.Target target, String text, char decimal) throws RejectedRecord {
    if (target.attribute() != null) {
      attribute(target.attribute(), text);
    } else if (target.clock()) {
      clock(target.field(), text);
    } else {
      set(target.field(), text, decimal);
    }
  }

  /** Adds a name for policy rules. */
  private void attribute(String source, String value) {
    if (value.length() > LONGEST_TEXT || value.indexOf('@') >= 0) {
      return;
    }
    if (source.equals("workload") || source.equals("service")) {
      CallNames.addWithoutRun(draft, source, value.strip());
    } else {
      CallNames.add(draft, source, value.strip());
    }
  }

  /** Takes the time of day where a column of its own holds it. */
  private void clock(MappedField field, String text) throws RejectedRecord {
    boolean read = times.parse(text, WrittenTime.Format.ISO);
    if (!read || times.day) {
      throw new RejectedRecord(
          Reason.INVALID_TIME, field.key() + ": its clock is no time of a day");
    }
    if (field == MappedField.ENDED_AT) {
      endClock = times.micros;
    } else {
      startClock = times.micros;
    }
  }

  /**
   * Takes what a column of a field holds, as a text; an empty one is absent.
   *
   * @param decimal the mark before its decimals: a point for a number of JSON
   */
  private void set(MappedField field, String written, char decimal) throws RejectedRecord {
    mark = decimal;
    String text = written.strip();
    if (text.isEmpty() || isNothing(text)) {
      return;
    }
    if (text.length() > LONGEST_TEXT) {
      throw tooLong(field);
    }
    switch (field) {
      case STARTED_AT -> {
        start = time(field, text);
        startIsDay = !times.clock;
      }
      case ENDED_AT -> {
        end = time(field, text);
        endIsDay = !times.clock;
      }
      case DURATION -> duration = span(field, text);
      case TTFT -> firstToken = span(field, text);
      case REQUEST_MODEL -> draft.requestModel = text;
      case RESPONSE_MODEL -> draft.responseModel = text;
      case PROVIDER -> draft.provider = CallNames.provider(text);
      case REGION -> draft.region = text;
      case INPUT_TOKENS -> usage.input = plus(usage.input, tokens(field, text));
      case CACHE_READ_TOKENS -> usage.cacheRead = plus(usage.cacheRead, tokens(field, text));
      case CACHE_WRITE_TOKENS -> usage.cacheWrite = plus(usage.cacheWrite, tokens(field, text));
      case CACHE_WRITE_1H_TOKENS ->
          usage.cacheWrite1h = plus(usage.cacheWrite1h, tokens(field, text));
      case OUTPUT_TOKENS -> usage.output = plus(usage.output, tokens(field, text));
      case REASONING_TOKENS -> usage.reasoning = plus(usage.reasoning, tokens(field, text));
      case TOTAL_TOKENS -> total = plus(total, tokens(field, text));
      case COST -> cost(field, text);
      case STATUS -> failed |= isFailure(text);
      case OPERATION -> draft.operation = operation(text);
      case SERVICE_TIER -> tier(text);
      case CALL_ID -> Ids.identify(draft, SOURCE, text, context.keepIds());
      case SESSION -> draft.session = Ids.hash(text);
    }
  }

  /** Words by which tables say that there is no value. */
  static boolean isNothing(String text) {
    return text.length() <= 4
        && switch (text.toLowerCase(Locale.ROOT)) {
          case "null", "none", "nan", "n/a", "na", "-", "--", "nil", "\\n" -> true;
          default -> false;
        };
  }

  /**
   * Ends the record.
   *
   * @return whether it is a call
   */
  boolean end() throws RejectedRecord {
    constants();
    times();
    if (draft.requestModel == null) {
      draft.requestModel = draft.responseModel;
    }
    Required.model(draft, context, "no model is named, and --hosted-model is not given");
    if (failed) {
      draft.status = CallStatus.FAILURE;
    }
    if (isEmbedding()) {
      draft.operation = Operation.EMBEDDINGS;
    }
    if (cost != null) {
      draft.loggedNanoUsd = Json.dollars(cost, MappedField.COST.key());
    }
    tokens();
    CallNames.addGivenWorkload(draft, context);
    if (onlyDay) {
      spread();
    }
    return true;
  }

  /**
   * Puts a call of which only the day is known somewhere in that day: by what it holds, so that it
   * does not depend on where in the file it stands.
   */
  private void spread() {
    long seed = draft.requestModel.hashCode();
    for (long part :
        new long[] {
          draft.inputTokens,
          draft.outputTokens,
          draft.loggedNanoUsd,
          draft.idLow,
          draft.session,
          draft.cacheReadTokens,
          draft.durationMicros
        }) {
      seed = seed * 31 + part;
    }
    for (int i = 0; i < draft.attributes.size(); i++) {
      seed = seed * 31 + draft.attributes.value(i).hashCode();
    }
    // The finaliser of MurmurHash3.
    seed = (seed ^ seed >>> 33) * 0xFF51AFD7ED558CCDL;
    seed = (seed ^ seed >>> 33) * 0xC4CEB9FE1A85EC53L;
    draft.startedAtMicros += ((seed ^ seed >>> 33) >>> 1) % TimeUnits.MICROS_PER_DAY;
    draft.flags |= CallFlags.SYNTHESISED;
  }

  private boolean isEmbedding() {
    return draft.operation == Operation.CHAT
        && draft.requestModel.toLowerCase(Locale.ROOT).contains("embed");
  }

  private void constants() throws RejectedRecord {
    for (Map.Entry<String, String> constant : mapping.constants().entrySet()) {
      String value = constant.getValue();
      switch (constant.getKey()) {
        case "request_model" ->
            draft.requestModel = draft.requestModel == null ? value : draft.requestModel;
        case "provider" ->
            draft.provider = draft.provider == null ? CallNames.provider(value) : draft.provider;
        case "region" -> draft.region = draft.region == null ? value : draft.region;
        case "service_tier" -> {
          if (sources[MappedField.SERVICE_TIER.ordinal()] == null) {
            tier(value);
          }
        }
        case "operation" -> {
          if (sources[MappedField.OPERATION.ordinal()] == null) {
            draft.operation = operation(value);
          }
        }
        default -> attribute(constant.getKey(), value);
      }
    }
  }

  private void times() throws RejectedRecord {
    onlyDay =
        start != CallDraft.ABSENT
            ? startIsDay && startClock == CallDraft.ABSENT
            : endIsDay && endClock == CallDraft.ABSENT;
    start = withClock(start, startClock, startIsDay, MappedField.STARTED_AT);
    end = withClock(end, endClock, endIsDay, MappedField.ENDED_AT);
    if (start == CallDraft.ABSENT && end != CallDraft.ABSENT) {
      start = duration == CallDraft.ABSENT ? end : end - duration;
    } else if (duration == CallDraft.ABSENT && end != CallDraft.ABSENT && !onlyDay && !isEndDay()) {
      duration = end - start;
      if (duration < 0) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "ended_at is before started_at");
      }
    }
    Required.time(start, "its time is missing: " + timeColumns());
    draft.startedAtMicros = start;
    draft.durationMicros = duration;
    if (firstToken != CallDraft.ABSENT && firstToken > 0) {
      if (duration != CallDraft.ABSENT && firstToken > duration) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "ttft is more than the duration");
      }
      draft.ttftMicros = firstToken;
      draft.flags |= CallFlags.STREAMED;
    }
  }

  private boolean isEndDay() {
    return endIsDay && endClock == CallDraft.ABSENT;
  }

  private String timeColumns() {
    return sources[MappedField.STARTED_AT.ordinal()] != null ? "started_at" : "ended_at";
  }

  private static long withClock(long day, long clock, boolean isDay, MappedField field)
      throws RejectedRecord {
    if (clock == CallDraft.ABSENT || day == CallDraft.ABSENT) {
      return day;
    }
    if (!isDay) {
      throw new RejectedRecord(
          Reason.INVALID_TIME,
          field.key() + " has a clock of its own beside the column of its clock");
    }
    return day + clock;
  }

  private long time(MappedField field, String text) throws RejectedRecord {
    Source source = sources[field.ordinal()];
    WrittenTime.Format format = source.format();
    boolean read;
    if (format.isCount()) {
      BigDecimal number = WrittenNumber.parse(text, mark);
      read = number != null && times.count(number, format);
    } else {
      read = times.parse(text, format) && times.day;
    }
    if (!read) {
      throw new RejectedRecord(
          Reason.INVALID_TIME,
          "%s is no time of the format %s".formatted(field.key(), format.word()));
    }
    if (times.zoned) {
      return times.micros;
    }
    Optional<ZoneId> zone = source.zone().or(context::sourceZone);
    if (zone.isEmpty()) {
      draft.flags |= CallFlags.ZONE_ASSUMED;
      return times.micros;
    }
    return inZone(times.micros, zone.get());
  }

  private static long inZone(long utcMicros, ZoneId zone) {
    long seconds = Math.floorDiv(utcMicros, TimeUnits.MICROS_PER_SECOND);
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    return utcMicros
        - zone.getRules().getOffset(local).getTotalSeconds() * TimeUnits.MICROS_PER_SECOND;
  }

  private long span(MappedField field, String text) throws RejectedRecord {
    BigDecimal micros =
        WrittenSpan.micros(text, mark, sources[field.ordinal()].unit().orElseThrow());
    if (micros == null || (long) micros.precision() - micros.scale() > 17) {
      throw new RejectedRecord(Reason.INVALID_TIME, field.key() + " is no length of time");
    }
    if (micros.signum() < 0) {
      throw new RejectedRecord(Reason.END_BEFORE_START, field.key() + " is negative");
    }
    return micros.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  private long tokens(MappedField field, String text) throws RejectedRecord {
    BigDecimal number = WrittenNumber.parse(text, mark);
    if (number == null) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field.key() + " is no number");
    }
    Optional<MappedUnit> unit = sources[field.ordinal()].unit();
    if (unit.isPresent()) {
      number = number.multiply(unit.get().factor());
    }
    if (number.compareTo(MOST_TOKENS) > 0) {
      throw new RejectedRecord(Reason.TOKENS_TOO_LARGE, field.key() + " does not fit into 64 bits");
    }
    boolean coarse = unit.isPresent() && unit.get() != MappedUnit.TOKENS;
    return Json.tokens(
        (coarse ? number.setScale(0, RoundingMode.HALF_UP) : number).toPlainString(), field.key());
  }

  private static long plus(long sum, long part) {
    return sum == CallDraft.ABSENT ? part : Math.addExact(sum, part);
  }

  private void cost(MappedField field, String text) throws RejectedRecord {
    Source source = sources[field.ordinal()];
    BigDecimal number = WrittenNumber.parse(text, mark);
    if (number == null) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field.key() + " is no amount");
    }
    BigDecimal dollars =
        number.multiply(source.usd().orElseGet(() -> source.unit().orElseThrow().factor()));
    cost = cost == null ? dollars : cost.add(dollars);
  }

  private boolean isFailure(String text) {
    Source source = sources[MappedField.STATUS.ordinal()];
    String word = text.toLowerCase(Locale.ROOT);
    if (!source.success().isEmpty()) {
      return source.success().stream().noneMatch(w -> w.equalsIgnoreCase(word));
    }
    return source.failure().isEmpty()
        ? StatusWords.isFailure(word)
        : source.failure().stream().anyMatch(w -> w.equalsIgnoreCase(word));
  }

  private static Operation operation(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.contains("embed")) {
      return Operation.EMBEDDINGS;
    }
    boolean other = word.contains("image") || word.contains("speech") || word.contains("transcri");
    return other || word.contains("rerank") || word.contains("moderation")
        ? Operation.OTHER
        : Operation.CHAT;
  }

  private void tier(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "batch", "true" -> draft.serviceTier = ServiceTier.BATCH;
      case "flex" -> draft.serviceTier = ServiceTier.FLEX;
      case "priority" -> draft.serviceTier = ServiceTier.PRIORITY;
      default -> draft.serviceTier = ServiceTier.STANDARD;
    }
  }

  private void tokens() throws RejectedRecord {
    boolean cached = mapping.cachedInput().isPresent();
    boolean beside = mapping.cachedInput().equals(Optional.of(Counted.BESIDE));
    if (mapping.reasoning().equals(Optional.of(Counted.BESIDE))
        && usage.output != CallDraft.ABSENT
        && usage.reasoning != CallDraft.ABSENT) {
      usage.output = Math.addExact(usage.output, usage.reasoning);
    }
    fromTotal(beside);
    if (draft.operation == Operation.EMBEDDINGS
        && usage.output == CallDraft.ABSENT
        && usage.input != CallDraft.ABSENT) {
      usage.output = 0;
    }
    boolean nothing = Math.max(usage.input, 0) == 0 && Math.max(usage.output, 0) == 0;
    boolean half = usage.input == CallDraft.ABSENT || usage.output == CallDraft.ABSENT;
    if (failed && (nothing || half)) {
      // What a failed call used is not known where its table says nothing, or says zeros.
      usage.clear();
    }
    if (!cached && !usage.isMissing()) {
      draft.flags |= CallFlags.NO_CACHE_SPLIT;
    }
    // Where the record's own total contradicts the mapping, it is the judge.
    usage.total = total;
    String input = MappedField.INPUT_TOKENS.key();
    String output = MappedField.OUTPUT_TOKENS.key();
    if (beside) {
      usage.fillDisjoint(draft, input, output);
    } else {
      usage.fillInclusive(draft, input, output);
    }
  }

  /** The output, where only the total of a record says it. */
  private void fromTotal(boolean beside) throws RejectedRecord {
    if (total == CallDraft.ABSENT
        || usage.input == CallDraft.ABSENT
        || sources[MappedField.OUTPUT_TOKENS.ordinal()] != null) {
      return;
    }
    long in = usage.input;
    if (beside) {
      in += Math.max(usage.cacheRead, 0) + Math.max(usage.cacheWrite, 0);
    }
    if (in > total) {
      throw new RejectedRecord(
          Reason.INCOMPLETE_USAGE,
          "total_tokens %d are less than the input %d".formatted(total, in));
    }
    usage.output = total - in;
  }
}
