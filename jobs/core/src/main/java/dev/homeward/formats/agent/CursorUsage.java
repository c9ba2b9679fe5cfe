package dev.homeward.formats.agent;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.util.Locale;

/**
 * Usage events of Cursor, as its dashboard exports them, a row a call. The four kinds of tokens are
 * disjoint: {@code Input (w/ Cache Write)} is what was written to the cache, {@code Input (w/o
 * Cache Write)} what was neither written nor read. {@code Total Tokens} says so; where it says that
 * the first contains the second, that is followed, and where it says neither, the call is flagged.
 *
 * <p>{@code Cost} is what Cursor counts against a plan or charges; words in it ({@code Included},
 * {@code Free}, {@code -}) tell no amount. A row has no id: its time, model and counts stand for
 * one, so that exports may overlap. The user is not read.
 *
 * <pre>
 * Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost
 * "2026-05-04T13:05:13.450Z","Included","claude-4.5-sonnet","No","1000","2000","8000","500","11500","0.05"
 * </pre>
 */
public final class CursorUsage implements CsvAdapter {
  private static final String SOURCE = "cursor";
  private static final int DATE_ONLY = 10;

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private String[] header;

  private String date;
  private String kind;
  private long total;

  public CursorUsage(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    for (String needed : new String[] {"Date", "Model", "Output Tokens"}) {
      CsvRecords.needed(columns, needed);
    }
  }

  @Override
  public boolean read(CsvRecord record, CallDraft draft) throws RejectedRecord {
    usage.clear();
    date = "";
    kind = "";
    total = CallDraft.ABSENT;
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        field(record, i, header[i], draft);
      }
    }
    if (draft.requestModel == null && counted() == 0) {
      return false;
    }
    draft.startedAtMicros = date.isEmpty() ? CallDraft.ABSENT : start(draft);
    Required.time(draft.startedAtMicros, "Date is empty");
    Required.model(draft, context, "Model is empty, and --hosted-model is not given");
    fate(draft);
    identify(draft);
    fill(draft);
    CallNames.add(draft, "service", SOURCE);
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void field(CsvRecord record, int at, String column, CallDraft draft)
      throws RejectedRecord {
    switch (column) {
      case "Date" -> date = record.text(at).strip();
      case "Kind" -> kind = record.text(at).toLowerCase(Locale.ROOT);
      case "Model" -> {
        String model = record.text(at).strip();
        draft.requestModel = model.isEmpty() ? null : model;
      }
      case "Input (w/ Cache Write)" -> usage.cacheWrite = tokens(record, at, column);
      case "Input (w/o Cache Write)" -> usage.input = tokens(record, at, column);
      case "Cache Read" -> usage.cacheRead = tokens(record, at, column);
      case "Output Tokens" -> usage.output = tokens(record, at, column);
      case "Total Tokens" -> total = tokens(record, at, column);
      case "Cost", "Cost ($)" -> draft.loggedNanoUsd = dollars(record.text(at), column);
      case "Cloud Agent ID" -> draft.session = Ids.hash(record.text(at));
      default -> {}
    }
  }

  private static long tokens(CsvRecord record, int at, String column) throws RejectedRecord {
    return LooseNumbers.tokens(record.text(at).replace(",", ""), column);
  }

  /** An amount as {@code 0.05}, {@code $0.05} or {@code $1,234.50}; ABSENT for words. */
  private static long dollars(String text, String column) throws RejectedRecord {
    String amount = text.replace("$", "").replace(",", "").strip();
    char first = amount.isEmpty() ? '-' : amount.charAt(0);
    boolean told = first == '.' || first >= '0' && first <= '9';
    return told ? Json.dollars(Json.decimal(amount, column), column) : CallDraft.ABSENT;
  }

  private long start(CallDraft draft) throws RejectedRecord {
    // Older exports know the day only.
    String moment = date.length() == DATE_ONLY ? date + "T00:00:00" : date;
    return times.assumed(moment, "Date", draft);
  }

  private void fate(CallDraft draft) {
    if (kind.contains("error")) {
      draft.status = CallStatus.FAILURE;
    } else if (kind.contains("aborted")) {
      draft.flags |= CallFlags.INTERRUPTED;
    }
  }

  private void identify(CallDraft draft) {
    if (date.length() > DATE_ONLY) {
      StringBuilder id = new StringBuilder(date).append('/').append(draft.requestModel);
      for (long count : new long[] {usage.cacheWrite, usage.input, usage.cacheRead, usage.output}) {
        id.append('/').append(Math.max(count, 0));
      }
      Ids.identify(draft, SOURCE, id.toString(), context.keepIds());
    }
  }

  private void fill(CallDraft draft) throws RejectedRecord {
    if (counted() == 0) {
      // Nothing was used, or nothing is known: the export writes both alike.
      usage.clear();
    } else if (usage.input == CallDraft.ABSENT) {
      usage.input = 0;
    }
    long besides = counted();
    if (total > 0 && total != besides) {
      boolean within = usage.cacheWrite >= usage.input;
      if (within && total == besides - usage.input) {
        usage.cacheWrite -= usage.input;
      } else {
        Totals.unexplained(draft);
      }
    }
    usage.fillDisjoint(draft, "Input (w/o Cache Write)", "Output Tokens");
  }

  private long counted() {
    return Math.max(usage.cacheWrite, 0)
        + Math.max(usage.input, 0)
        + Math.max(usage.cacheRead, 0)
        + Math.max(usage.output, 0);
  }
}
