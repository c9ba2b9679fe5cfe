package dev.homeward.config;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A YAML file of the program as the build leaves it beside the original: eight hex digits, the
 * CRC-32 of the original, then the same document as JSON. A program that runs for a second would
 * spend a good part of it on reading YAML. A copy of another original, as an editor that compiles
 * by itself leaves it, is passed over.
 */
public final class PreparedDocument {
  static final String SUFFIX = ".json";

  private static final int MARK = 8;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private PreparedDocument() {}

  /**
   * Prepares every YAML file under a folder; the build calls it with that of the compiled classes.
   */
  public static void main(String[] folders) throws IOException {
    for (String folder : folders) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        files = all.filter(file -> file.toString().endsWith(".yaml")).toList();
      }
      for (Path file : files) {
        byte[] written = Files.readAllBytes(file);
        String json = Documents.parse(written, file.toString()).toString();
        Files.writeString(Path.of(file + SUFFIX), mark(written) + json);
      }
    }
  }

  static boolean isOf(byte[] prepared, byte[] written) {
    return prepared.length > MARK
        && new String(prepared, 0, MARK, StandardCharsets.US_ASCII).equals(mark(written));
  }

  static JsonNode read(byte[] prepared) {
    try {
      return JSON.readTree(prepared, MARK, prepared.length - MARK);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a document that the build prepared", e);
    }
  }

  private static String mark(byte[] written) {
    CRC32 crc = new CRC32();
    crc.update(written);
    return "%08x".formatted(crc.getValue());
  }
}
