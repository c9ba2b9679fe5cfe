package dev.homeward.formats.mapped;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** JSON objects whose keys a mapping names, one a call. */
public final class MappedRecords implements JsonAdapter {
  private final ReadContext context;
  private MappedCall call;
  private MappedJson json;
  private ColumnTree tree;

  public MappedRecords(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    if (tree == null) {
      Mapping mapping = Mapping.of(context);
      call = new MappedCall(mapping, context);
      json = new MappedJson(call);
      tree = new ColumnTree(mapping);
    }
    call.begin(into);
    json.object(p, tree.root());
    return call.end();
  }
}
