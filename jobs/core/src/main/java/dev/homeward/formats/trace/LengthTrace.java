package dev.homeward.formats.trace;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Public traces of arrivals and lengths as JSON lines: Mooncake ({@code timestamp} in milliseconds)
 * and Qwen-Bailian ({@code timestamp} in seconds, with the chat each turn belongs to). Times count
 * from an unnamed moment, for which {@link ReadContext#traceEpoch} stands. They do not tell cached
 * input: all input counts as uncached. The blocks of the prompts ({@code hash_ids}) are not read.
 * The user names the workload and the hosted model.
 *
 * <pre>
 * {"timestamp":27482,"input_length":6755,"output_length":500,"hash_ids":[0,1]}
 * {"chat_id":159,"parent_chat_id":-1,"timestamp":61.114,"input_length":48,"output_length":132,"type":"text","turn":1}
 * </pre>
 */
public final class LengthTrace implements JsonItemsAdapter {
  private static final int MOST_CHATS = 5_000_000;

  private final ReadContext context;
  private final boolean millis;
  private final long epochMicros;

  /** The first turn of each chat. */
  private final Map<Long, Long> roots = new HashMap<>();

  private LengthTrace(ReadContext context, boolean millis) {
    this.context = context;
    this.millis = millis;
    this.epochMicros =
        Math.multiplyExact(context.traceEpoch().toEpochDay(), TimeUnits.MICROS_PER_DAY);
  }

  public static LengthTrace mooncake(ReadContext context) {
    return new LengthTrace(context, true);
  }

  public static LengthTrace bailian(ReadContext context) {
    return new LengthTrace(context, false);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    CallDraft draft = items.next();
    long time = CallDraft.ABSENT;
    long chat = CallDraft.ABSENT;
    long parent = CallDraft.ABSENT;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "timestamp" -> time = millis ? Json.millis(p, field) : Json.seconds(p, field);
        case "input_length" -> draft.inputTokens = Json.tokens(p, field);
        case "output_length" -> draft.outputTokens = Json.tokens(p, field);
        case "chat_id" -> chat = Json.number(p, field);
        case "parent_chat_id" -> parent = Json.number(p, field);
        case "type" -> CallNames.add(draft, "metadata.type", Json.skippedScalar(p));
        default -> p.skipChildren();
      }
    }
    Required.time(time, "timestamp is missing");
    if (draft.inputTokens == CallDraft.ABSENT || draft.outputTokens == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.INCOMPLETE_USAGE, "input_length or output_length is missing");
    }
    draft.startedAtMicros = Math.addExact(epochMicros, time);
    draft.cacheReadTokens = 0;
    draft.cacheWrite5mTokens = 0;
    draft.cacheWrite1hTokens = 0;
    draft.requestModel =
        context
            .hostedModel()
            .orElseThrow(
                () -> new RejectedRecord(Reason.MISSING_MODEL, "--hosted-model is not given"));
    draft.flags |= CallFlags.ZONE_ASSUMED | CallFlags.GIVEN_BY_USER | CallFlags.NO_CACHE_SPLIT;
    draft.session = session(chat, parent);
    CallNames.addGivenWorkload(draft, context);
    items.add();
  }

  /** One session for all turns of a chat, however deep. */
  private long session(long chat, long parent) {
    if (chat == CallDraft.ABSENT) {
      return CallDraft.ABSENT;
    }
    long root = roots.getOrDefault(parent, chat);
    if (roots.size() < MOST_CHATS) {
      roots.put(chat, root);
    }
    return Ids.hash(Long.toString(root));
  }
}
