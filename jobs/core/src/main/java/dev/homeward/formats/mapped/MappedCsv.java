package dev.homeward.formats.mapped;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.VisibleText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of CSV whose columns a mapping names. A column may hold JSON in its text, whose values
 * are named below it: {@code usage/prompt_tokens}. What the mapping does not name is kept as {@code
 * metadata.NAME}, unless it is private by its name or a long text.
 */
public final class MappedCsv implements CsvAdapter {
  private final ReadContext context;
  private final List<Column> columns = new ArrayList<>();
  private MappedCall call;
  private MappedJson json;

  private record Column(int at, ColumnTree.Node node) {}

  public MappedCsv(ReadContext context) {
    this.context = context;
  }

  @Override
  public void header(String[] header) throws RejectedRecord {
    columns.clear();
    Mapping mapping = Mapping.of(context);
    call = new MappedCall(mapping, context);
    json = new MappedJson(call);
    ColumnTree tree = new ColumnTree(mapping);
    List<String> missing = tree.missing(header);
    if (!missing.isEmpty()) {
      throw new RejectedRecord(
          Reason.MISSING_COLUMN,
          "the header has no column " + VisibleText.of(String.join(", ", missing)));
    }
    for (int i = 0; i < header.length; i++) {
      ColumnTree.Node node = tree.root().step(header[i]);
      if (!node.targets().isEmpty() || node.isAboveNamed()) {
        columns.add(new Column(i, node));
      }
    }
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord {
    call.begin(into);
    for (Column column : columns) {
      int at = column.at();
      if (record.isEmpty(at)) {
        continue;
      }
      if (column.node().isAboveNamed()) {
        below(record, at, column.node());
      }
      for (ColumnTree.Target target : column.node().targets()) {
        int bytes = record.end(at) - record.start(at);
        if (MappedCall.isShort(bytes)) {
          call.take(target, text(record, at), call.decimal());
        } else if (target.field() != null) {
          throw MappedCall.tooLong(target.field());
        }
      }
    }
    return call.end();
  }

  private void below(CsvRecord record, int at, ColumnTree.Node node)
      throws IOException, RejectedRecord {
    try (JsonParser parser = record.json(at)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        json.object(parser, node);
      }
    } catch (JsonProcessingException e) {
      throw new RejectedRecord(
          Reason.MALFORMED_JSON, "field %d holds no JSON object".formatted(at + 1));
    }
  }

  /** The field as it stands there: the mark of decimals is the mapping's. */
  private static String text(CsvRecord record, int at) throws RejectedRecord {
    int from = record.start(at);
    String text = new String(record.bytes(), from, record.end(at) - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      throw new RejectedRecord(Reason.NOT_UTF8, "field %d is not UTF-8".formatted(at + 1));
    }
    return text;
  }
}
