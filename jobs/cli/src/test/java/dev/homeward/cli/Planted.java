package dev.homeward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Words that must not be found anywhere: each is planted once, in a log where a prompt, an answer,
 * a key, a person or an address stands, and says itself where that was.
 */
final class Planted {
  /** How each begins; the rest is of letters, digits, dots and hyphens. */
  private static final String START = "Qz7Planted.";

  private static final JsonMapper JSON = new JsonMapper();

  /** What the golden files have in places of that kind: what, and how much of it stays. */
  private static final Map<String, String> GOLDEN = new LinkedHashMap<>();

  static {
    GOLDEN.put("a prompt", "");
    GOLDEN.put("an answer", "");
    GOLDEN.put("someone", "");
    GOLDEN.put("secret", "sk-proj-");
    GOLDEN.put("10.0.0.1", "");
    GOLDEN.put("a@b", "");
    GOLDEN.put("session-1", "");
    // A tag that tools set by themselves; told by its beginning, and left out.
    GOLDEN.put("User-Agent", "User-Agent: ");
  }

  private int count;

  String word(String format, String what) {
    return START + format + "." + what.replaceAll("[^A-Za-z0-9]", "-") + "." + count++;
  }

  /**
   * A golden file with planted words: in place of what stands for private text there, under further
   * keys of every record, and in damaged copies of its records.
   */
  String in(String format, String golden) throws IOException {
    String text = golden;
    for (Map.Entry<String, String> e : GOLDEN.entrySet()) {
      // Not where it is the name of a key: names of keys and columns are read and may be shown.
      Matcher found = Pattern.compile(Pattern.quote(e.getKey()) + "(?!\"{1,2}:)").matcher(text);
      StringBuilder replaced = new StringBuilder();
      while (found.find()) {
        String word = e.getValue() + word(format, e.getKey());
        found.appendReplacement(replaced, Matcher.quoteReplacement(word));
      }
      text = found.appendTail(replaced).toString();
    }
    boolean isCsv = !golden.startsWith("{");
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(isCsv ? line : withKeys(format, line));
    }
    if (!isCsv) {
      String first = lines.get(0);
      lines.add(first.substring(0, first.length() - 2));
      lines.add(first.replaceFirst(":\\s*[0-9.]+", ":\"" + word(format, "number") + "\""));
      lines.add(word(format, "no-json") + " " + first);
    } else if (!text.contains("\"")) {
      lines.set(0, lines.get(0) + ",x_prompt,x_user");
      for (int i = 1; i < lines.size(); i++) {
        lines.set(
            i, lines.get(i) + "," + word(format, "column") + "," + word(format, "user") + "@x.org");
      }
      lines.add(lines.get(1).replaceAll("[0-9]+", word(format, "number")));
    }
    return String.join("\n", lines) + "\n";
  }

  private String withKeys(String format, String line) throws IOException {
    JsonNode node = JSON.readTree(line);
    if (!(node instanceof ObjectNode record)) {
      return line;
    }
    return withKeys(format, record);
  }

  private String withKeys(String format, ObjectNode record) throws IOException {
    // Homeward's own format takes keys of others with this beginning only.
    String x = format.startsWith("canonical") ? "x_" : "";
    record.put(x + "prompt", word(format, "key-prompt"));
    record.put(x + "user_email", word(format, "key-email") + "@example.org");
    record.put(x + "api_key", "sk-ant-" + word(format, "key-api"));
    record.put(x + "client_ip", word(format, "key-ip"));
    ObjectNode headers = record.putObject(x + "http_headers");
    headers.put("authorization", "Bearer " + word(format, "key-bearer"));
    // Metadata whose names no rule of the policy reads: a prompt can stand there.
    if (record.get("metadata") instanceof ObjectNode metadata) {
      metadata.put("question", word(format, "metadata-question"));
    }
    if (format.startsWith("langfuse-observations")) {
      record.put("name", word(format, "generation-name"));
    }
    ArrayNode said = record.putArray(x + "chat_history");
    said.addObject().put("role", "user").put("content", word(format, "key-content"));
    return JSON.writeValueAsString(record);
  }

  /** The planted words in a text. */
  static TreeSet<String> found(String text) {
    return found(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The planted words in bytes, written in one byte a letter or in two. */
  static TreeSet<String> found(byte[] bytes) {
    return found(bytes, bytes.length);
  }

  private static TreeSet<String> found(byte[] bytes, int length) {
    TreeSet<String> found = new TreeSet<>();
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 'Q') {
        for (int step = 1; step <= 2; step++) {
          String word = word(bytes, length, i, step);
          if (word.startsWith(START)) {
            found.add(word + (step == 2 ? " (UTF-16)" : ""));
          }
        }
      }
    }
    return found;
  }

  private static String word(byte[] bytes, int length, int from, int step) {
    StringBuilder word = new StringBuilder();
    for (int i = from; i < length; i += step) {
      char c = (char) (bytes[i] & 0xff);
      boolean isPart = c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
      if (!isPart || step == 2 && i + 1 < length && bytes[i + 1] != 0) {
        break;
      }
      word.append(c);
    }
    return word.toString();
  }

  /** The planted words in a file of any size; of a workbook, in what its parts hold. */
  static TreeSet<String> found(Path file) throws IOException {
    TreeSet<String> found = new TreeSet<>();
    if (file.toString().endsWith(".xlsx")) {
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
        for (ZipEntry part = zip.getNextEntry(); part != null; part = zip.getNextEntry()) {
          found.addAll(found(zip.readAllBytes()));
        }
      }
    }
    byte[] block = new byte[1 << 20];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(block, kept, block.length - kept);
          n > 0;
          n = in.read(block, kept, block.length - kept)) {
        int length = kept + n;
        found.addAll(found(block, length));
        // A word may begin in one block and end in the next.
        kept = Math.min(length, 400);
        System.arraycopy(block, length - kept, block, 0, kept);
      }
    }
    return found;
  }
}
