package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A sink that keeps everything, and ways to fill it. */
final class Reading implements Sink {
  static final ReadContext NOTHING_GIVEN =
      new ReadContext(Optional.empty(), Optional.empty(), false);

  /** All that the formats may have to be told, the mapping of the golden tables among it. */
  static final ReadContext GIVEN =
      new ReadContext(Optional.of("given"), Optional.of("given-model"), false)
          .with(new String(resource("mapped.yaml"), StandardCharsets.UTF_8));

  final List<CallDraft> calls = new ArrayList<>();
  final List<Rejection> rejections = new ArrayList<>();
  final List<CallDraft> buckets = new ArrayList<>();

  /** Places of records that are no calls. */
  final List<CallDraft> between = new ArrayList<>();

  int ignored;

  @Override
  public void bucket(CallDraft draft) {
    buckets.add(copy(draft));
  }

  @Override
  public void call(CallDraft draft) {
    calls.add(copy(draft));
  }

  @Override
  public void between(CallDraft span) {
    between.add(copy(span));
  }

  @Override
  public void ignored() {
    ignored++;
  }

  @Override
  public void rejected(Rejection rejection) {
    rejections.add(rejection);
  }

  int records() {
    return calls.size() + buckets.size() + rejections.size() + ignored;
  }

  static Reading of(LogFormat format, String text) {
    return of(format, NOTHING_GIVEN, text.getBytes(StandardCharsets.UTF_8));
  }

  static Reading of(LogFormat format, ReadContext context, byte[] bytes) {
    return range(format, context, bytes, 0, Long.MAX_VALUE);
  }

  static Reading range(LogFormat format, ReadContext context, byte[] bytes, long start, long end) {
    Reading reading = new Reading();
    int from = (int) Math.max(0, start - 1);
    try {
      LogReader.read(
          format,
          layout(bytes),
          context,
          new ByteArrayInputStream(bytes, from, bytes.length - from),
          start,
          end,
          reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reading;
  }

  private static JsonLayout layout(byte[] bytes) {
    int head = Math.min(bytes.length, FormatDetection.HEAD_BYTES);
    FormatDetection.Detected detected = FormatDetection.detect(bytes, head);
    return detected.format().isPresent() ? detected.layout() : FormatDetection.layout(bytes, head);
  }

  /** The only call of a text that holds nothing else. */
  static CallDraft onlyCall(LogFormat format, String text) {
    Reading reading = of(format, text);
    if (reading.calls.size() != 1 || !reading.rejections.isEmpty()) {
      throw new AssertionError(reading.calls.size() + " calls, " + reading.rejections);
    }
    return reading.calls.get(0);
  }

  /** The only rejection of a text that holds nothing else. */
  static Rejection onlyRejection(LogFormat format, String text) {
    Reading reading = of(format, text);
    if (!reading.calls.isEmpty() || reading.rejections.size() != 1) {
      throw new AssertionError(reading.calls.size() + " calls, " + reading.rejections);
    }
    return reading.rejections.get(0);
  }

  /** The golden file of a format that is text. */
  static byte[] golden(LogFormat format) {
    boolean csv = format.framing() == LogFormat.Framing.CSV;
    return resource(format.word() + (csv ? ".golden.csv" : ".golden.jsonl"));
  }

  /** A file beside the golden files. */
  static byte[] resource(String name) {
    try (var in = Reading.class.getResourceAsStream("/formats/" + name)) {
      if (in == null) {
        throw new AssertionError("no file src/test/resources/formats/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the shared data; skips the test visibly where it is absent. */
  static byte[] shared(String name) {
    Path file =
        Path.of(System.getProperty("homeward.root", "."), "..", "shared", "data").resolve(name);
    Assumptions.assumeTrue(Files.isRegularFile(file), "no ../shared/data/" + name);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> attributes(CallDraft call) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < call.attributes.size(); i++) {
      pairs.add(call.attributes.source(i) + "=" + call.attributes.value(i));
    }
    return pairs;
  }

  /** Every field and attribute of a call as one text. */
  static String describe(CallDraft call) {
    StringBuilder text = new StringBuilder();
    try {
      for (Field field : fields()) {
        text.append(field.getName()).append('=').append(field.get(call)).append(' ');
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    return text.append(attributes(call)).toString();
  }

  private static CallDraft copy(CallDraft from) {
    CallDraft to = new CallDraft();
    try {
      for (Field field : fields()) {
        field.set(to, field.get(from));
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < from.attributes.size(); i++) {
      to.attributes.add(from.attributes.source(i), from.attributes.value(i));
    }
    return to;
  }

  private static List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (Field field : CallDraft.class.getFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
        fields.add(field);
      }
    }
    return fields;
  }
}
