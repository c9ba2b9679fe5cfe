package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Puts the records of a golden file, one JSON object each, into a file. */
enum Wrapping {
  /** {@code aws logs filter-log-events}, printed as the command line does. */
  FILTER_LOG_EVENTS(Envelope.Kind.DOCUMENT, "events/message") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      for (String record : records) {
        all.withArray("events")
            .addObject()
            .put("logStreamName", "aws/bedrock/modelinvocations")
            .put("timestamp", 1_770_109_200_000L)
            .put("message", record);
      }
      all.putArray("searchedLogStreams");
      return all.toPrettyString();
    }
  },
  /** Rows of CloudWatch Insights, as its API gives them: a list of fields each. */
  INSIGHTS_API(Envelope.Kind.DOCUMENT, "results/@message") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      for (String record : records) {
        var row = all.withArray("results").addArray();
        row.addObject().put("field", "@timestamp").put("value", "2026-02-03 09:00:00.000");
        row.addObject().put("field", "@message").put("value", record);
        row.addObject().put("field", "@ptr").put("value", "CmEK");
      }
      return all.put("status", "Complete").toPrettyString();
    }
  },
  /** The same as the console exports it. */
  INSIGHTS_CSV(Envelope.Kind.TABLE, "@message") {
    @Override
    String file(List<String> records) {
      return "@timestamp,@message\n"
          + records.stream()
              .map(record -> "2026-02-03 09:00:00.000," + quoted(record) + "\n")
              .collect(Collectors.joining());
    }
  },
  /** An export task of CloudWatch: the time of the event before each. */
  EXPORT_TASK(Envelope.Kind.PREFIXED_LINES, "") {
    @Override
    String file(List<String> records) {
      return lines(records, record -> "2026-02-03T09:00:00.000Z " + record);
    }
  },
  /** A subscription through Firehose: batches with nothing between them, one to say hello. */
  FIREHOSE(Envelope.Kind.DOCUMENT, "logEvents/message") {
    @Override
    String file(List<String> records) {
      StringBuilder all = new StringBuilder();
      all.append(batch("CONTROL_MESSAGE", "CWL CONTROL MESSAGE: Checking health of destination."));
      records.forEach(record -> all.append(batch("DATA_MESSAGE", record)));
      return all.toString();
    }

    private static String batch(String type, String message) {
      ObjectNode batch = JsonNodeFactory.instance.objectNode();
      batch.put("messageType", type).put("logGroup", "bedrock");
      batch.withArray("logEvents").addObject().put("id", "1").put("message", message);
      return batch.toString();
    }
  },
  /** Firehose where it was told to unpack the messages: objects with nothing between them. */
  CONCATENATED(Envelope.Kind.DOCUMENT, "") {
    @Override
    String file(List<String> records) {
      return String.join("", records);
    }
  },
  /** Events that a subscription hands to Lambda, as a program wrote them down: gzip in base64. */
  LAMBDA_EVENTS(Envelope.Kind.LINES, "awslogs/data/logEvents/message") {
    @Override
    String file(List<String> records) {
      return lines(
          records,
          record -> {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            String batches = FIREHOSE.file(List.of(record));
            String batch = batches.substring(batches.indexOf("}{") + 1);
            event.putObject("awslogs").put("data", packed(batch));
            return event.toString();
          });
    }
  },
  /** The same through Kinesis. */
  KINESIS(Envelope.Kind.DOCUMENT, "Records/kinesis/data/logEvents/message") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      for (String record : records) {
        String batch = FIREHOSE.file(List.of(record));
        all.withArray("Records")
            .addObject()
            .put("eventSource", "aws:kinesis")
            .putObject("kinesis")
            .put("partitionKey", "1")
            .put("data", packed(batch.substring(batch.indexOf("}{") + 1)));
      }
      return all.toPrettyString();
    }
  },
  /** A query of Log Analytics: columns once, rows as lists. */
  LOG_ANALYTICS(Envelope.Kind.JSON_TABLE, "Message") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      ObjectNode table = all.withArray("tables").addObject().put("name", "PrimaryResult");
      table.withArray("columns").addObject().put("name", "TimeGenerated").put("type", "datetime");
      table.withArray("columns").addObject().put("name", "Message").put("type", "string");
      records.forEach(
          record -> table.withArray("rows").addArray().add("2026-02-03T09:00:00Z").add(record));
      return all.toPrettyString();
    }
  },
  /** An answer of BigQuery's REST interface. */
  BIGQUERY(Envelope.Kind.JSON_TABLE, "textPayload") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode().put("kind", "bigquery#queryResponse");
      ObjectNode schema = all.putObject("schema");
      schema.withArray("fields").addObject().put("name", "timestamp").put("type", "TIMESTAMP");
      schema.withArray("fields").addObject().put("name", "textPayload").put("type", "STRING");
      for (String record : records) {
        ObjectNode row = all.withArray("rows").addObject();
        row.withArray("f").addObject().put("v", "1.7701092E9");
        row.withArray("f").addObject().put("v", record);
      }
      return all.put("totalRows", "" + records.size()).toString();
    }
  },
  /** A page of an API. */
  PAGE(Envelope.Kind.DOCUMENT, "data") {
    @Override
    String file(List<String> records) {
      return "{\n \"object\": \"list\",\n \"data\": [\n"
          + String.join(",\n", records)
          + "\n ],\n \"has_more\": false\n}\n";
    }
  },
  /** Pages, one a line. */
  PAGES_IN_LINES(Envelope.Kind.LINES, "items") {
    @Override
    String file(List<String> records) {
      return lines(records, record -> "{\"items\":[" + record + "],\"total\":1}");
    }
  },
  /** Event Hubs and storage accounts of Azure. */
  AZURE_RECORDS(Envelope.Kind.DOCUMENT, "records") {
    @Override
    String file(List<String> records) {
      return "{\"records\":[" + String.join(",", records) + "]}";
    }
  },
  /** Docker's own log files. */
  DOCKER(Envelope.Kind.LINES, "log") {
    @Override
    String file(List<String> records) {
      return lines(
          records,
          record ->
              JsonNodeFactory.instance
                  .objectNode()
                  .put("log", record + "\n")
                  .put("stream", "stdout")
                  .put("time", "2026-02-03T09:00:00.1Z")
                  .toString());
    }
  },
  /** A dump of Elasticsearch, a hit a line. */
  ELASTIC(Envelope.Kind.LINES, "_source") {
    @Override
    String file(List<String> records) {
      return lines(
          records, record -> "{\"_index\":\"i\",\"_id\":\"1\",\"_source\":" + record + "}");
    }
  },
  /** Its search, and texts in texts: Docker's line as a message of a shipper. */
  SEARCH_OF_SHIPPED_LINES(Envelope.Kind.DOCUMENT, "hits/hits/_source/message/log") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      ObjectNode hits = all.putObject("hits").put("total", records.size());
      for (String record : records) {
        String line = JsonNodeFactory.instance.objectNode().put("log", record).toString();
        hits.withArray("hits").addObject().putObject("_source").put("message", line);
      }
      return all.toString();
    }
  },
  /** Loki's answer to a query: a time and a line each. */
  LOKI(Envelope.Kind.DOCUMENT, "data/result/values") {
    @Override
    String file(List<String> records) {
      ObjectNode all = JsonNodeFactory.instance.objectNode().put("status", "success");
      var values = all.putObject("data").putArray("result").addObject().withArray("values");
      records.forEach(record -> values.addArray().add("1770109200000000000").add(record));
      return all.toPrettyString();
    }
  },
  /** Printed by a tool that likes indentation. */
  PRETTY(Envelope.Kind.DOCUMENT, "") {
    @Override
    String file(List<String> records) {
      return records.stream().map(Wrapping::pretty).collect(Collectors.joining("\n"));
    }
  };

  final Envelope.Kind kind;

  /** Keys that lead to the records. */
  final List<String> path;

  Wrapping(Envelope.Kind kind, String path) {
    this.kind = kind;
    this.path = path.isEmpty() ? List.of() : List.of(path.split("/"));
  }

  abstract String file(List<String> records);

  private static String lines(List<String> records, UnaryOperator<String> wrapped) {
    return records.stream().map(wrapped).collect(Collectors.joining("\n"));
  }

  private static String packed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  private static String pretty(String json) {
    try {
      return new JsonMapper().readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
