package dev.homeward.logs;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What became of the records of a log, as the manifest and rejected/ tell it. */
public final class RejectedLog {
  private static final JsonMapper JSON = new JsonMapper();

  private RejectedLog() {}

  /** Rejected records with their reasons, one JSON object a line. */
  public static String lines(Map<String, FileCounts> counts) {
    StringBuilder lines = new StringBuilder();
    counts.forEach(
        (name, count) -> {
          for (FileCounts.RejectedSample s : count.samples) {
            lines
                .append(
                    JSON.createObjectNode()
                        .put("source_file", name)
                        .put("source_line", s.line())
                        .put("reason", s.reason())
                        .put("detail", s.detail())
                        .put("sample", s.sample()))
                .append('\n');
          }
        });
    return lines.toString();
  }

  /** Each file with its format and what became of its records. */
  public static void inputs(ArrayNode into, List<LogFile> files, Map<String, FileCounts> counts) {
    for (LogFile file : files) {
      FileCounts count = counts.get(file.name());
      ObjectNode input = into.addObject().put("name", file.name()).put("bytes", file.bytes());
      if (!file.sha256().isEmpty()) {
        input.put("sha256", file.sha256());
      }
      input.put("format", file.format()).put("format_told_by", file.why());
      counts(input, count);
    }
  }

  /** What became of records. */
  public static void counts(ObjectNode into, FileCounts count) {
    into.put("records", count.records)
        .put("calls", count.calls)
        .put("duplicates", count.duplicates)
        .put("nested", count.nested)
        .put("ignored", count.ignored)
        .put("rejected", count.rejected)
        .put("buckets", count.buckets)
        .put("tokens", count.tokensKept);
  }
}
