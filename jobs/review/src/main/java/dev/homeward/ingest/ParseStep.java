package dev.homeward.ingest;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.MadeCalls;
import dev.homeward.calls.Nested;
import dev.homeward.calls.Overlaps;
import dev.homeward.calls.UsageBucket;
import dev.homeward.files.Files;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.logs.BucketPlan;
import dev.homeward.logs.CallNamer;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.logs.SessionKey;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The first step of ingest: byte ranges of logs to blocks. Each call is moved once, to where the
 * days of its workload are sorted and written. Its id, far smaller, goes to where the copies of one
 * call meet.
 */
public final class ParseStep {
  /** About so many bytes of a log hold a call. */
  public static final long BYTES_A_CALL = 300;

  private static final int BLOCK_ROWS = 20_000;

  /** Rows that wait for their blocks to be full, in all parts together: some 250 bytes each. */
  private static final int MOST_ROWS = 400_000;

  private static final int LEAST_BLOCK_ROWS = 500;

  private ParseStep() {}

  /**
   * Reads ranges with their formats' adapters.
   *
   * @param ranges what one task reads
   * @param out takes the blocks of calls, ids, prints and counts, as they get full. A file that
   *     cannot be read to its end does not fail the task: its counts say so, and the job ends with
   *     one clear message
   */
  public static void parse(
      Files storage,
      List<LogRange> ranges,
      LogSettings settings,
      BlockLayout layout,
      Consumer<Block> out) {
    long bytes = ranges.stream().mapToLong(LogRange::bytes).sum();
    Blocks blocks = new Blocks(layout, bytes / BYTES_A_CALL, out);
    CallNamer namer = settings.namer();
    BucketPlan plan = BucketPlan.read(settings.buckets());
    ReadContext context = settings.context();
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    for (LogRange range : ranges) {
      FileCounts count = counts.computeIfAbsent(range.file().name(), n -> new FileCounts());
      CallSink sink = new CallSink(range, settings, namer, plan, blocks, count);
      try {
        count.linesByRange.put(range.index(), range.read(storage, context, sink));
      } catch (IOException e) {
        // A damaged file must end the job with one clear message, not with a retried task.
        count.problem = e.getMessage();
      }
    }
    blocks.finish(counts);
  }

  /** Names each call and puts it, and its id, where they belong. */
  private static final class CallSink implements Sink {
    private final String file;
    private final int range;
    private final LogSettings settings;
    private final CallNamer namer;
    private final Blocks blocks;
    private final FileCounts count;
    private final BucketPlan plan;
    private final UsageStep.BucketNamer buckets;
    private final SessionKey sessions;
    private final int source;
    private int ordinal;

    CallSink(
        LogRange range,
        LogSettings settings,
        CallNamer namer,
        BucketPlan plan,
        Blocks blocks,
        FileCounts count) {
      this.file = range.file().name();
      this.range = range.index();
      this.settings = settings;
      this.namer = namer;
      this.blocks = blocks;
      this.count = count;
      this.plan = plan;
      this.sessions = SessionKey.parse(settings.sessionKey());
      this.buckets = new UsageStep.BucketNamer(range, namer);
      this.source = settings.sources().indexOf(LogFormat.parse(range.file().format()).source());
    }

    @Override
    public void call(CallDraft draft) {
      count.records++;
      draft.session = sessions.of(draft.session);
      add(draft);
      if (settings.samplingRate() < 1) {
        long seed = draft.startedAtMicros * 31 + draft.idLow + draft.sourceLine;
        count.made += MadeCalls.ofSample(draft, settings.samplingRate(), seed, this::add);
      }
    }

    private void add(CallDraft draft) {
      CallNamer.Named named = namer.name(draft);
      long tokens = blocks.add(draft, named, file, range, ordinal++, source);
      count.tokensRead = Math.addExact(count.tokensRead, tokens);
    }

    /** Beside calls, usage reports are compared with them and never added to them. */
    @Override
    public void bucket(CallDraft draft) {
      count.records++;
      UsageBucket bucket = buckets.next(draft);
      if (plan.isCopy(bucket)) {
        count.duplicates++;
        return;
      }
      count.buckets++;
      if (plan.makesCallsOf(bucket)) {
        count.made += MadeCalls.ofBucket(draft, this::add);
      }
    }

    @Override
    public void ignored() {
      count.records++;
      count.ignored++;
    }

    @Override
    public void between(CallDraft span) {
      blocks.addBetween(span, file, range);
    }

    @Override
    public void rejected(Rejection rejection) {
      count.reject(rejection, range);
    }
  }

  /** Tables of calls and of ids that fill up until they are sent as blocks. */
  private static final class Blocks {
    private final BlockLayout layout;
    private final CallTable[] calls;
    private final CallIds[] ids;
    private final CallIds[] prints;
    private final CallIds[] spans;
    private final Consumer<Block> out;
    private final int blockRows;

    Blocks(BlockLayout layout, long expectedCalls, Consumer<Block> out) {
      this.out = out;
      this.blockRows = Math.max(LEAST_BLOCK_ROWS, Math.min(BLOCK_ROWS, MOST_ROWS / layout.parts()));
      int capacity = (int) Math.max(64, Math.min(blockRows, expectedCalls / layout.parts()));
      this.layout = layout;
      this.calls = new CallTable[layout.parts()];
      this.ids = new CallIds[layout.parts()];
      this.prints = new CallIds[layout.parts()];
      this.spans = new CallIds[layout.parts()];
      for (int p = 0; p < layout.parts(); p++) {
        calls[p] = new CallTable(capacity);
        ids[p] = new CallIds(capacity);
        prints[p] = new CallIds(16);
        spans[p] = new CallIds(16);
      }
    }

    /**
     * Adds a call and gives its tokens.
     *
     * @param source number of its source; -1 where there is no other
     */
    long add(
        CallDraft draft, CallNamer.Named named, String file, int range, int ordinal, int source) {
      int part = layout.partOf(named.key(), draft.startedAtMicros);
      CallTable table = calls[part];
      table.add(
          draft,
          named.key(),
          named.whose().owner(),
          named.whose().billingMode(),
          file,
          range,
          ordinal);
      long tokens = table.totalTokens(table.size() - 1);
      if (table.size() == blockRows) {
        flushCalls(part);
      }
      if (draft.hasId) {
        int place = layout.placeOf(draft.idLow);
        ids[place].add(draft, tokens, file, range, ordinal, part);
        if (ids[place].size() == blockRows) {
          flushIds(ids, layout.parts(), place);
        }
      }
      if (layout.traces() && draft.isInTrace()) {
        int place = layout.placeOf(draft.trace);
        spans[place].addSpan(draft, Nested.kind(draft), tokens, file, range, ordinal, part);
        if (spans[place].size() == blockRows) {
          flushIds(spans, layout.spans(), place);
        }
      }
      if (source >= 0 && Overlaps.hasPrint(draft)) {
        long print =
            Overlaps.print(
                named.key().hostedModel(), tokens - draft.outputTokens, draft.outputTokens);
        int place = layout.placeOf(print);
        prints[place].addPrint(draft, print, source, file, range, ordinal, part);
        if (prints[place].size() == blockRows) {
          flushIds(prints, layout.prints(), place);
        }
      }
      return tokens;
    }

    /** Adds a span that is no call: only one that has another above it can stand between two. */
    void addBetween(CallDraft span, String file, int range) {
      if (layout.traces() && span.parentSpan != CallDraft.ABSENT) {
        int place = layout.placeOf(span.trace);
        spans[place].addSpan(span, Nested.NO_CALL, 0, file, range, 0, 0);
        if (spans[place].size() == blockRows) {
          flushIds(spans, layout.spans(), place);
        }
      }
    }

    private void flushCalls(int part) {
      if (calls[part].size() > 0) {
        out.accept(new Block(part, calls[part].encode()));
        calls[part].clearRows();
      }
    }

    private void flushIds(CallIds[] of, int region, int place) {
      if (of[place].size() > 0) {
        out.accept(new Block(region + place, of[place].encode()));
        of[place].clearRows();
      }
    }

    void finish(TreeMap<String, FileCounts> counts) {
      for (int p = 0; p < layout.parts(); p++) {
        flushCalls(p);
        flushIds(ids, layout.parts(), p);
        flushIds(prints, layout.prints(), p);
        flushIds(spans, layout.spans(), p);
      }
      if (!counts.isEmpty()) {
        out.accept(new Block(layout.counts(), FileCounts.write(counts)));
      }
    }
  }
}
