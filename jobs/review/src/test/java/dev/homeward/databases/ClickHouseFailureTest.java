package dev.homeward.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/**
 * Why a ClickHouse was not read, said in one line. The risks: a password that is shown; an answer
 * that broke off and is taken for whole; a wait without end.
 */
final class ClickHouseFailureTest extends ClickHouseCase {
  private String refused(RowSource.Asked asked) {
    return refused(server.url(), asked, LOGIN);
  }

  private String refused(String url, RowSource.Asked asked, Map<String, String> environment) {
    InvalidInput refused =
        assertThrows(InvalidInput.class, () -> copy(url, asked, ZoneOffset.UTC, environment));
    assertFalse(refused.getMessage().contains(FakeClickHouse.PASSWORD), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    return refused.getMessage();
  }

  @Test
  void whatCannotBeReadIsSaidInOneLine() throws IOException {
    hasObservations(1);
    server.has("half", "Log", columns("id", "String", "start_time", "DateTime"), List.of());
    String place = "clickhouse://localhost:%d/default".formatted(server.port());
    assertEquals(
        "Cannot read %s: Code: 516. DB::Exception: reader: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED). Give the password by CLICKHOUSE_PASSWORD or a file that CLICKHOUSE_PASSWORD_FILE names, and the user by CLICKHOUSE_USER or NAME@ before the host"
            .formatted(place),
        refused(server.url(), langfuse(), Map.of("CLICKHOUSE_PASSWORD", "wrong-horse")));
    assertTrue(
        refused(server.url().replace("/default", "/nowhere"), langfuse(), LOGIN)
            .contains("Database nowhere does not exist. (UNKNOWN_DATABASE). Check the name"));
    assertTrue(refused(table("nowhere")).contains("it has no table nowhere"));
    assertTrue(
        refused(table("half"))
            .contains("it has no column trace_id, type, provided_model_name, usage_details"));
    assertTrue(
        refused(
                table(
                    "half",
                    "columns: { started_at: start_time, request_model: llm, input_tokens: a, output_tokens: b }"))
            .contains("by calls.yaml: it has no column llm, a, b"));
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertTrue(
        refused("clickhouse://localhost:%d".formatted(closed), langfuse(), LOGIN)
            .contains("connection refused. Check the host"));
    assertTrue(
        refused("clickhouse://no-such-host.invalid", langfuse(), LOGIN).contains("no such host"));
    assertTrue(
        refused(server.url().replace("clickhouse:", "clickhouse:https:"), langfuse(), LOGIN)
            .contains("TLS"));
    assertTrue(
        refused(
                server.url(),
                langfuse(),
                Map.of("CLICKHOUSE_PASSWORD_FILE", folder.resolve("no-file").toString()))
            .contains("Cannot read the password file"));
  }

  /** A certificate that nobody signed is no reason to go on, and its host must be meant. */
  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-dname",
                "CN=localhost")
            .redirectErrorStream(true)
            .start();
    assertEquals(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      secure.setHttpsConfigurator(new HttpsConfigurator(tls));
      secure.start();
      int port = secure.getAddress().getPort();
      String refused =
          refused(
              "clickhouse://localhost:%d/default?secure=true".formatted(port), langfuse(), LOGIN);
      assertTrue(refused.contains("its certificate is not trusted"), refused);
      assertTrue(refused.contains("-Djavax.net.ssl.trustStore=FILE"), refused);
    } finally {
      secure.stop(0);
    }
  }

  @Test
  void anEmptyMonthIsSaid() {
    hasObservations(0);
    assertEquals(
        "Cannot read table observations of clickhouse://localhost:%d/default: it has no row of 2026-10 (Europe/Berlin)"
            .formatted(server.port()),
        assertThrows(InvalidInput.class, () -> copy(langfuse(), ZoneId.of("Europe/Berlin")))
            .getMessage());
  }

  @Test
  void anAnswerThatBreaksOffIsNotTakenForWhole() {
    hasObservations(40);
    Map<FakeClickHouse.End, String> expected = new LinkedHashMap<>();
    String why =
        "it failed in the middle: Code: 395. DB::Exception: It broke on purpose: while executing 'FUNCTION throwIf'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)";
    expected.put(FakeClickHouse.End.TEXT, why.replace("395. DB", "395, DB"));
    expected.put(FakeClickHouse.End.BROKEN, why);
    expected.put(FakeClickHouse.End.TAGGED, why);
    expected.put(FakeClickHouse.End.CUT, "its answer broke off");
    expected.put(FakeClickHouse.End.HALF, "its answer ends in the middle of a row");
    expected.put(
        FakeClickHouse.End.SILENT, "it fell silent in the middle of its answer for 2 seconds");
    // Compression would hide the middle: the fake breaks off what is not compressed.
    server.isReadOnly("1");
    expected.forEach(
        (end, text) -> {
          server.ends(end);
          String refused = refused(langfuse());
          assertTrue(
              refused.startsWith(
                      "Cannot read table observations of clickhouse://localhost:%d/default: "
                          .formatted(server.port()))
                  && refused.contains(text),
              () -> end + ": " + refused);
        });
  }

  @Test
  void aBreakSoonAfterTheHeadIsTheMiddle() {
    // Whether the client fails the call or the body is a race, so it is run many times.
    hasObservations(1);
    server.isReadOnly("1");
    for (FakeClickHouse.End end : List.of(FakeClickHouse.End.CUT, FakeClickHouse.End.BROKEN)) {
      server.ends(end);
      for (int i = 0; i < 150; i++) {
        String refused = refused(langfuse());
        assertTrue(
            refused.contains(
                end == FakeClickHouse.End.CUT ? "its answer broke off" : "it failed in the middle"),
            refused);
      }
    }
  }

  @Test
  void whatIsNoClickHouseIsTold() {
    server.isStranger("<html>Langfuse</html>");
    assertTrue(
        refused(langfuse())
            .endsWith(
                "HTTP status 404, and it does not look like ClickHouse. Check the host and the port (8123, or 8443 with TLS)"));
    server.isStranger(
        "Port 9000 is for clickhouse-client program\r\nYou must use port 8123 for HTTP.\r\n");
    assertTrue(refused(langfuse()).contains("the port is that of ClickHouse's own protocol"));
  }

  @Test
  void aRedirectionIsNotFollowed() {
    try (FakeClickHouse other = new FakeClickHouse()) {
      server.redirects("http://localhost:%d/".formatted(other.port()));
      assertTrue(refused(langfuse()).contains("HTTP status 302"));
      assertEquals(List.of(), other.asked);
    }
  }
}
