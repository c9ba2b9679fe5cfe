package dev.homeward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.progress.Progress;
import picocli.CommandLine.Option;

/**
 * What every command can be asked of its output. Standard output holds the answer and nothing else,
 * as text or as one JSON document; progress and notes go to standard error.
 */
final class OutputFlags {
  // Whatever a log or a terminal's character set holds, the document is plain ASCII.
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Option(
      names = "--verbose",
      description =
          "Say more on standard error: files and formats, memory, the trace behind a failure.")
  private boolean verbose;

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }

  /** What tells on standard error how far a command is. */
  Progress progress() {
    return new Progress(System.err, verbose ? Progress.Detail.MORE : Progress.Detail.USUAL);
  }

  /** Prints the answer: the text, or the document if one was asked for. */
  void print(String text, JsonNode document) {
    if (json) {
      print(document);
    } else {
      print(text);
    }
  }

  /** Prints a part of the answer's text; nothing if a document was asked for. */
  void print(String text) {
    if (!json) {
      System.out.print(text);
      System.out.flush();
    }
  }

  /** Prints a document, whether it was asked for or not. */
  static void print(JsonNode document) {
    System.out.print(text(document));
    System.out.flush();
  }

  /** A document laid out for people, in ASCII, with a line's end. */
  static String text(JsonNode document) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree cannot fail to be written", e);
    }
  }
}
