package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Asks ClickHouse by its HTTP interface, with the JDK's own client: it streams, knows TLS and
 * proxies, and adds no library to a program that is also put on other people's clusters.
 *
 * <p>Nothing can be changed by what is asked: where the user's profile allows it, each query is
 * sent with {@code readonly=2}; a user who may only read anyway ({@code readonly=1}) may not even
 * change that, and is asked without settings. Redirections are not followed: the password would go
 * along.
 */
final class ClickHouseHttp {
  private static final String MARK = "'.'";
  private static final int BUFFER_BYTES = 1 << 16;

  private final ClickHouseUrl url;
  private final String authorization;
  private final Limits limits;
  private final HttpClient client;
  private List<String> settings = List.of();

  /**
   * How long to wait.
   *
   * @param connect for a connection
   * @param silence for an answer to begin, and to go on
   */
  record Limits(Duration connect, Duration silence) {
    static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(900));
  }

  /**
   * Connects, and looks what the user may ask.
   *
   * @param environment gives CLICKHOUSE_USER, CLICKHOUSE_PASSWORD, CLICKHOUSE_PASSWORD_FILE
   */
  static ClickHouseHttp connect(
      ClickHouseUrl url, Function<String, String> environment, Limits limits) {
    ClickHouseHttp http = new ClickHouseHttp(url, environment, limits);
    String mode = "";
    try (ClickHouseAnswer answer =
        http.ask(List.of("value"), "FROM system.settings WHERE name = 'readonly'", "")) {
      while (answer.next()) {
        mode = answer.cell(0);
      }
    }
    if (!mode.equals("1")) {
      http.settings = List.of("readonly=2", "enable_http_compression=1");
    }
    return http;
  }

  private ClickHouseHttp(ClickHouseUrl url, Function<String, String> environment, Limits limits) {
    this.url = url;
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect())
            .build();
    String user =
        url.user()
            .or(() -> Optional.ofNullable(environment.apply("CLICKHOUSE_USER")))
            .filter(name -> !name.isEmpty())
            .orElse("default");
    String both = user + ":" + password(environment);
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  private static String password(Function<String, String> environment) {
    String password = environment.apply("CLICKHOUSE_PASSWORD");
    String file = environment.apply("CLICKHOUSE_PASSWORD_FILE");
    if (password != null || file == null || file.isEmpty()) {
      return password == null ? "" : password;
    }
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new InvalidInput(
          "Cannot read the password file %s, which CLICKHOUSE_PASSWORD_FILE names: %s"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  /**
   * Asks for rows.
   *
   * @param expressions what to select, as texts
   * @param rest the query from FROM on
   * @param reading what is read, for messages; empty while connecting
   */
  ClickHouseAnswer ask(List<String> expressions, String rest, String reading) {
    List<String> selected = new ArrayList<>(expressions);
    selected.add(MARK);
    String query = "SELECT %s %s FORMAT TabSeparated".formatted(String.join(", ", selected), rest);
    HttpRequest request =
        HttpRequest.newBuilder(target())
            .header("Authorization", authorization)
            .header("Accept-Encoding", "gzip")
            .header("Content-Type", "text/plain; charset=UTF-8")
            .header("User-Agent", "homeward")
            .timeout(limits.silence())
            .POST(HttpRequest.BodyPublishers.ofString(query, StandardCharsets.UTF_8))
            .build();
    ClickHouseFailure failure = new ClickHouseFailure(url, limits, reading);
    Begun begun = begun(request, failure);
    try {
      InputStream body = begun.decoded();
      if (begun.isRefused()) {
        try (body) {
          throw failure.refused(begun.head(), body);
        }
      }
      return new ClickHouseAnswer(body, expressions.size(), failure);
    } catch (IOException e) {
      throw failure.inTheMiddle(e);
    }
  }

  private Begun begun(HttpRequest request, ClickHouseFailure failure) {
    AtomicReference<Begun> begun = new AtomicReference<>();
    try {
      client.send(
          request,
          head -> {
            TimedBody body = new TimedBody(limits.silence());
            begun.set(new Begun(head, body));
            return body;
          });
    } catch (IOException e) {
      // A connection that breaks soon after the head fails the call or the body, whichever the
      // client sees first. What came before it says more.
      if (begun.get() == null) {
        throw failure.of(e);
      }
      begun.get().body().onError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InvalidInput("Cannot read %s: interrupted".formatted(url.name()), e);
    }
    return begun.get();
  }

  /** An answer whose head is here. */
  private record Begun(HttpResponse.ResponseInfo head, TimedBody body) {
    boolean isRefused() {
      return head.statusCode() != 200
          || head.headers()
              .firstValue("X-ClickHouse-Exception-Code")
              .filter(code -> !code.equals("0"))
              .isPresent();
    }

    // A result without a row may come as nothing at all, which is no gzip.
    InputStream decoded() throws IOException {
      PushbackInputStream bytes = new PushbackInputStream(body, 1);
      int first = bytes.read();
      if (first < 0) {
        return bytes;
      }
      bytes.unread(first);
      String encoding = head.headers().firstValue("Content-Encoding").orElse("");
      return encoding.equalsIgnoreCase("gzip") ? new GZIPInputStream(bytes, BUFFER_BYTES) : bytes;
    }
  }

  private URI target() {
    List<String> parameters = new ArrayList<>();
    parameters.add("database=" + URLEncoder.encode(url.database(), StandardCharsets.UTF_8));
    parameters.addAll(settings);
    return url.endpoint().resolve("/?" + String.join("&", parameters));
  }
}
