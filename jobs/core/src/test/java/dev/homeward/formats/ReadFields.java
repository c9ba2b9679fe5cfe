package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which fields an adapter reads, found out by trying: each text that stands in its classes is made
 * the name of a field, and a field whose value is looked at is one that it reads. So a field that
 * is added to a reader is found, wherever in it and however it is written.
 */
final class ReadFields {
  private ReadFields() {}

  /** The texts in compiled classes that may name a field. */
  static Set<String> texts(Class<?>... classes) {
    Set<String> texts = new TreeSet<>();
    for (Class<?> one : classes) {
      try (InputStream in = one.getResourceAsStream(one.getSimpleName() + ".class")) {
        texts.addAll(constants(new DataInputStream(in)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    texts.removeIf(text -> !text.matches("[A-Za-z][A-Za-z0-9_]*"));
    return texts;
  }

  // The constant pool as the Java Virtual Machine Specification lays it out (4.4): texts of the
  // program are entries of kind 8, which point at entries of kind 1.
  private static Set<String> constants(DataInputStream in) throws IOException {
    in.skipNBytes(8);
    int size = in.readUnsignedShort();
    TreeMap<Integer, String> words = new TreeMap<>();
    Set<Integer> texts = new TreeSet<>();
    for (int i = 1; i < size; i++) {
      int kind = in.readUnsignedByte();
      switch (kind) {
        case 1 -> words.put(i, in.readUTF());
        case 8 -> texts.add(in.readUnsignedShort());
        case 7, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++;
        }
        default -> in.skipNBytes(4);
      }
    }
    Set<String> found = new TreeSet<>();
    texts.forEach(text -> found.add(words.get(text)));
    return found;
  }

  /**
   * The fields of an object that are read.
   *
   * @param record gives a record with the object, of which only the value of one field is known:
   *     {@code "name":"x"} is what it is given
   */
  static Set<String> ofJson(
      Supplier<JsonAdapter> adapter, Set<String> candidates, Function<String, String> record) {
    Set<String> read = new TreeSet<>();
    for (String name : candidates) {
      String text = record.apply("\"%s\":\"x\"".formatted(name));
      if (looksAt(adapter.get(), text, name)) {
        read.add(name);
      }
    }
    return read;
  }

  private static boolean looksAt(JsonAdapter adapter, String record, String name) {
    try (JsonParser json = Json.FACTORY.createParser(record);
        Watched watched = new Watched(json, name)) {
      watched.nextToken();
      try {
        adapter.read(watched, new CallDraft());
      } catch (RejectedRecord e) {
        // It did not like what it saw, here or in a field that is missing.
        return watched.seen;
      }
      return watched.seen;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Columns of a table that are read: those whose text must be UTF-8. */
  static Set<String> ofCsv(LogFormat format, Set<String> candidates, String header, String row) {
    Set<String> read = new TreeSet<>();
    String[] columns = header.split(",");
    String[] cells = row.split(",", -1);
    for (String name : candidates) {
      StringBuilder names = new StringBuilder();
      StringBuilder values = new StringBuilder();
      for (int i = 0; i < columns.length; i++) {
        if (!columns[i].equals(name)) {
          names.append(columns[i]).append(',');
          values.append(cells[i]).append(',');
        }
      }
      // A byte that no UTF-8 has.
      String table = names + name + "\n" + values + "\u00ff\n";
      Reading reading =
          Reading.of(format, Reading.NOTHING_GIVEN, table.getBytes(StandardCharsets.ISO_8859_1));
      if (!reading.rejections.isEmpty()) {
        read.add(name);
      }
    }
    return read;
  }

  /** A parser that notes whether somebody asks for the value of a field. */
  private static final class Watched extends JsonParserDelegate {
    private final String name;
    private boolean seen;

    Watched(JsonParser json, String name) {
      super(json);
      this.name = name;
    }

    @Override
    public JsonToken currentToken() {
      JsonToken token = super.currentToken();
      try {
        seen |= token == JsonToken.VALUE_STRING && name.equals(super.currentName());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return token;
    }
  }
}
