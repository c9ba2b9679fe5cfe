package dev.homeward.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.files.HadoopFiles;
import dev.homeward.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands for a session in one review says nothing in another, and comes out the same again.
 */
final class SessionKeyTest {
  private static final String CALL =
      "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":1,\"output_tokens\":1}\n";

  @TempDir Path folder;

  /** The test vector of SipHash-2-4's authors: key 00 01 ... 0f, message 00 01 ... 07. */
  @Test
  void theHashIsSipHash() {
    SessionKey key = new SessionKey(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertEquals(0x93f5f5799a932462L, key.sipHash(0x0706050403020100L));
    SessionKey again = SessionKey.parse(key.text());
    assertEquals(0x93f5f5799a932462L, again.of(0x0706050403020100L));
    assertEquals(CallDraft.ABSENT, key.of(CallDraft.ABSENT));
  }

  @Test
  void theKeyIsThatOfTheLogsBytes() throws IOException {
    Path a = write("a/x.jsonl", CALL);
    Path b = write("b/y.jsonl", CALL + CALL);
    SessionKey both = key(a, b);
    assertEquals(both.text(), key(b, a).text(), "whatever the order");
    Path moved = write("c/renamed.jsonl", CALL);
    assertEquals(both.text(), key(moved, b).text(), "wherever they lie");
    assertNotEquals(both.text(), key(a).text());
    write("a/x.jsonl", CALL.replace("08:00:01", "08:00:02"));
    assertNotEquals(both.text(), key(a, b).text());
    assertNotEquals(key(a).of(42), both.of(42));
  }

  /** Of a large file the size, the beginning and the end count, whether or not it is hashed. */
  @Test
  void theKeyOfALargeFileIsThatOfItsEnds() throws IOException {
    String calls = CALL.repeat(2_000);
    SessionKey key = key(write("a/x.jsonl", calls));
    assertNotEquals(key.text(), key(write("b/x.jsonl", calls + CALL)).text(), "grown");
    String otherEnd = calls.substring(0, calls.length() - 5) + "9,\"" + "}\n";
    assertEquals(calls.length(), otherEnd.length());
    assertNotEquals(key.text(), key(write("c/x.jsonl", otherEnd)).text(), "its end");
    String otherStart = calls.replaceFirst("08:00:01", "08:00:02");
    assertNotEquals(key.text(), key(write("d/x.jsonl", otherStart)).text(), "its beginning");
  }

  /** The manifest holds the SHA-256 of each file: the key must not follow from them. */
  @Test
  void theHashesOfTheManifestDoNotTellTheKey() throws Exception {
    Path a = write("a/x.jsonl", CALL);
    LogFile file = files(a).get(0);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    String sha256 = HexFormat.of().formatHex(digest.digest(CALL.getBytes(StandardCharsets.UTF_8)));
    assertEquals(sha256, file.sha256());
    assertEquals(64, file.secret().length());
    assertNotEquals(file.sha256(), file.secret());
    assertTrue(key(a).text().matches("[0-9a-f]{32}"));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static SessionKey key(Path... paths) {
    List<LogFile> files = new ArrayList<>(files(paths));
    Collections.reverse(files);
    return SessionKey.of(files);
  }

  private static List<LogFile> files(Path... paths) {
    return LogFiles.find(
        HadoopFiles.standalone(),
        List.of(paths).stream().map(Path::toString).toList(),
        Optional.empty(),
        true,
        new Progress(System.err, false));
  }
}
