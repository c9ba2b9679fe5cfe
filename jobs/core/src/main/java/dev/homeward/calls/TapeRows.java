package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;

/**
 * A tape that is read from files of calls/, column by column and without a table in between. Rows
 * are taken in any order to where they belong; {@link #tape} finishes it.
 */
final class TapeRows implements CallsFileReader.Rows {
  /** Columns that tapes have. */
  static final List<Column> COLUMNS =
      CallColumns.ALL.stream()
          .filter(c -> c.number() == null ? isText(c.text()) : isNumber(c.number()))
          .toList();

  /** More names than this in one tape are not told apart: they are called by no name. */
  private static final int MOST_NAMES = Short.MAX_VALUE;

  private final Tape tape;
  private final EnumMap<Text, Names> names = new EnumMap<>(Text.class);
  private final EnumMap<Text, short[]> codes = new EnumMap<>(Text.class);

  /** Sound and searches by kind and call; null where no row has any. */
  private int[][] extras;

  private long[] spare = new long[0];

  TapeRows(WorkloadKey key, int size) {
    String[] none = new String[0];
    tape = new Tape(key, size, none, none, none, none);
    codes.put(Text.PROVIDER, tape.provider);
    codes.put(Text.OWNER, tape.owner);
    codes.put(Text.REGION, tape.region);
    codes.put(Text.SERVED_BY, tape.servedBy);
    codes.keySet().forEach(text -> names.put(text, new Names()));
  }

  private static boolean isText(Text text) {
    return text == Text.PROVIDER
        || text == Text.OWNER
        || text == Text.REGION
        || text == Text.SERVED_BY;
  }

  private static boolean isNumber(Number number) {
    return number != Number.OTHER_UNITS
        && number != Number.SOURCE_LINE
        && number != Number.SOURCE_RANGE
        && number != Number.SOURCE_ORDINAL;
  }

  @Override
  public void take(Column column, ColumnReader reader, int at, int rows) throws IOException {
    if (column.text() != null) {
      takeTexts(column.text(), reader, at, rows);
    } else if (column.words() != null) {
      long[] ordinals = spare(rows);
      CallsFileReader.words(column, reader, ordinals, 0, rows);
      byte[] words = words(column.number());
      for (int i = 0; i < rows; i++) {
        words[at + i] = (byte) ordinals[i];
      }
    } else if (longs(column.number()) != null) {
      CallsFileReader.numbers(reader, longs(column.number()), at, rows);
    } else {
      long[] numbers = spare(rows);
      CallsFileReader.numbers(reader, numbers, 0, rows);
      takeNumbers(column.number(), numbers, at, rows);
    }
  }

  @Override
  public void takeAbsent(Column column, int at, int rows) {
    if (column.text() != null) {
      Arrays.fill(codes.get(column.text()), at, at + rows, Names.NONE);
    } else if (column.number() == Number.INPUT) {
      Arrays.fill(tape.inputTokens, at, at + rows, Tape.ABSENT_TOKENS);
    } else if (longs(column.number()) != null) {
      Arrays.fill(longs(column.number()), at, at + rows, CallDraft.ABSENT);
    }
    // Other counts are 0 where a record does not name them.
  }

  // Adapters say ABSENT for kinds that a format cannot express, and a kind that was not billed is 0
  // tokens; where a record has no usage at all, its uncached input is absent.
  private void takeNumbers(Number column, long[] numbers, int at, int rows) {
    if (isExtra(column)) {
      takeExtras(column, numbers, at, rows);
      return;
    }
    int[] counts = ints(column);
    int absent = column == Number.INPUT ? Tape.ABSENT_TOKENS : 0;
    for (int i = 0; i < rows; i++) {
      counts[at + i] = numbers[i] == CallDraft.ABSENT ? absent : Math.toIntExact(numbers[i]);
    }
  }

  private void takeExtras(Number column, long[] numbers, int at, int rows) {
    int kind = column.ordinal() - Number.AUDIO_INPUT.ordinal();
    for (int i = 0; i < rows; i++) {
      if (numbers[i] != CallDraft.ABSENT && numbers[i] != 0) {
        extras = extras == null ? new int[3][tape.size] : extras;
        extras[kind][at + i] = Math.toIntExact(numbers[i]);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a dictionary gives the same object for the same text
  private void takeTexts(Text column, ColumnReader reader, int at, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    short[] of = codes.get(column);
    Names words = names.get(column);
    Binary last = null;
    short code = Names.NONE;
    for (int i = at; i < at + rows; i++) {
      if (reader.getCurrentDefinitionLevel() == present) {
        Binary here = reader.getBinary();
        if (here != last) {
          code = words.code(here.toStringUsingUTF8());
          last = here;
        }
        of[i] = code;
      } else {
        of[i] = Names.NONE;
      }
      reader.consume();
    }
  }

  private static boolean isExtra(Number column) {
    return column == Number.AUDIO_INPUT
        || column == Number.AUDIO_OUTPUT
        || column == Number.WEB_SEARCHES;
  }

  private long[] spare(int rows) {
    if (spare.length < rows) {
      spare = new long[rows];
    }
    return spare;
  }

  private long[] longs(Number column) {
    return switch (column) {
      case STARTED_AT -> tape.startedAtMicros;
      case DURATION -> tape.durationMicros;
      case TTFT -> tape.ttftMicros;
      case LOGGED_NANO_USD -> tape.loggedNanoUsd;
      case SESSION -> tape.session;
      default -> null;
    };
  }

  private int[] ints(Number column) {
    return switch (column) {
      case INPUT -> tape.inputTokens;
      case CACHE_READ -> tape.cacheReadTokens;
      case CACHE_WRITE_5M -> tape.cacheWrite5mTokens;
      case CACHE_WRITE_1H -> tape.cacheWrite1hTokens;
      case OUTPUT -> tape.outputTokens;
      case REASONING -> tape.reasoningTokens;
      case FLAGS -> tape.flags;
      default -> throw new IllegalArgumentException("no count of a tape: " + column);
    };
  }

  private byte[] words(Number column) {
    return switch (column) {
      case OPERATION -> tape.operation;
      case SERVICE_TIER -> tape.serviceTier;
      case BILLING_MODE -> tape.billingMode;
      case STATUS -> tape.status;
      default -> throw new IllegalArgumentException("no word of a tape: " + column);
    };
  }

  /** The tape, once all rows are there; sorted by start. */
  Tape tape() {
    for (int i = 0; i < tape.size; i++) {
      if (!tape.hasUsage(i)) {
        tape.cacheReadTokens[i] = Tape.ABSENT_TOKENS;
        tape.cacheWrite5mTokens[i] = Tape.ABSENT_TOKENS;
        tape.cacheWrite1hTokens[i] = Tape.ABSENT_TOKENS;
        tape.outputTokens[i] = Tape.ABSENT_TOKENS;
        tape.reasoningTokens[i] = Tape.ABSENT_TOKENS;
      }
    }
    if (extras != null) {
      setExtras();
    }
    nameProviders();
    Tape named =
        new Tape(
            tape,
            names.get(Text.PROVIDER).array(),
            names.get(Text.OWNER).array(),
            names.get(Text.REGION).array(),
            names.get(Text.SERVED_BY).array());
    return sorted(named);
  }

  // Sound that was read from a cache is not told apart: it counts as cached.
  private void setExtras() {
    for (int i = 0; i < tape.size; i++) {
      if (tape.hasUsage(i)) {
        tape.setExtras(
            i,
            Math.min(extras[0][i], tape.inputTokens[i]),
            Math.min(extras[1][i], tape.outputTokens[i]),
            extras[2][i]);
      }
    }
  }

  // Who served a call, where that is known: a record may name the maker of the model instead. Rows
  // of older reviews have no place of their own.
  private void nameProviders() {
    Names providers = names.get(Text.PROVIDER);
    Names places = names.get(Text.SERVED_BY);
    short[] providerOf = new short[places.size()];
    for (short place = 0; place < providerOf.length; place++) {
      String name = places.name(place);
      int area = name.indexOf('/');
      providerOf[place] = providers.code(area < 0 ? name : name.substring(0, area));
    }
    short[] placeOf = new short[providers.size()];
    Arrays.fill(placeOf, Names.NONE);
    for (int i = 0; i < tape.size; i++) {
      short provider = tape.provider[i];
      if (tape.servedBy[i] != Names.NONE) {
        tape.provider[i] = providerOf[tape.servedBy[i]];
      } else if (provider != Names.NONE) {
        if (placeOf[provider] == Names.NONE) {
          placeOf[provider] = places.code(providers.name(provider));
        }
        tape.servedBy[i] = placeOf[provider];
      }
    }
  }

  // Days lie in one file each, so that runs of days in order are calls in order. Files that another
  // program cut may not.
  private static Tape sorted(Tape tape) {
    for (int i = 1; i < tape.size; i++) {
      if (tape.startedAtMicros[i] < tape.startedAtMicros[i - 1]) {
        return Tapes.select(tape, IndexSort.byKey(tape.startedAtMicros, tape.size), tape.size);
      }
    }
    return tape;
  }

  private static final class Names {
    static final short NONE = -1;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Short> codes = new HashMap<>();

    short code(String name) {
      Short known = codes.get(name);
      if (known != null) {
        return known;
      }
      if (names.size() == MOST_NAMES) {
        return NONE;
      }
      short code = (short) names.size();
      names.add(name);
      codes.put(name, code);
      return code;
    }

    int size() {
      return names.size();
    }

    String name(int code) {
      return names.get(code);
    }

    String[] array() {
      return names.toArray(String[]::new);
    }
  }
}
