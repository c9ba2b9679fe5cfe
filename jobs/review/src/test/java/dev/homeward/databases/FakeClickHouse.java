package dev.homeward.databases;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A server that speaks ClickHouse's HTTP interface as its documentation describes it: the query in
 * the body, settings in the address, headers that tell of progress, exceptions before and in the
 * middle of an answer. It knows tables by their columns and rows, and of SQL only what the program
 * asks: which columns, from which table, of which span.
 */
final class FakeClickHouse implements AutoCloseable {
  static final String PASSWORD = "correct-horse-7";

  /** How an answer with rows goes on after its rows. */
  enum End {
    WHOLE,
    /** As before 24.11: a text behind the rows, and the answer ends well. */
    TEXT,
    /** From 24.11 on: behind a word, and the connection breaks. */
    BROKEN,
    /** From 25.11 on: between two words with a tag. */
    TAGGED,
    /** The connection breaks, and nothing says why. */
    CUT,
    /** Nothing comes any more, and the connection stays. */
    SILENT,
    /** A row ends in the middle, and the answer ends well. */
    HALF
  }

  static {
    // Without it each answer waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final String TAG = "PU1FNUFH98";
  private static final String REASON =
      "Code: 395. DB::Exception: It broke on purpose: while executing 'FUNCTION throwIf'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 25.8.1.5101 (official build))";

  /** What was asked, the newest last. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** The addresses that were asked. */
  final List<String> addresses = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Kept> tables = new LinkedHashMap<>();
  private String readonly = "0";
  private End end = End.WHOLE;
  private String redirect = "";
  private String stranger = "";

  /** A table: its engine, its columns with their types, and its rows. */
  private record Kept(String engine, Map<String, String> columns, List<Map<String, String>> rows) {}

  FakeClickHouse() {
    this(0);
  }

  private FakeClickHouse(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Has a table; a row gives values by the names of columns. */
  void has(
      String name, String engine, Map<String, String> columns, List<Map<String, String>> rows) {
    tables.put(name, new Kept(engine, columns, rows));
  }

  /** What the user may change: 0 all, 1 nothing, 2 settings. */
  void isReadOnly(String mode) {
    readonly = mode;
  }

  void ends(End how) {
    end = how;
  }

  /** Sends everybody elsewhere. */
  void redirects(String elsewhere) {
    redirect = elsewhere;
  }

  /** Is no ClickHouse at all, and answers 404 with a page. */
  void isStranger(String page) {
    stranger = page;
  }

  String url() {
    return "clickhouse://reader@localhost:%d/default".formatted(server.getAddress().getPort());
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(query);
    addresses.add(exchange.getRequestURI().toString());
    if (!stranger.isEmpty()) {
      send(exchange, 404, stranger, false);
      return;
    }
    exchange.getResponseHeaders().add("X-ClickHouse-Server-Display-Name", "fake");
    exchange
        .getResponseHeaders()
        .add("X-ClickHouse-Progress", "{\"read_rows\":\"1\",\"total_rows_to_read\":\"8880128\"}");
    if (!redirect.isEmpty()) {
      exchange.getResponseHeaders().add("Location", redirect);
      send(exchange, 302, "", false);
      return;
    }
    String login =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(("reader:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    String parameters = String.valueOf(exchange.getRequestURI().getRawQuery());
    if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      fail(
          exchange,
          403,
          516,
          "reader: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)");
    } else if (!parameters.contains("database=default")) {
      fail(exchange, 404, 81, "Database nowhere does not exist. (UNKNOWN_DATABASE)");
    } else if (readonly.equals("1") && parameters.contains("enable_http_compression")) {
      fail(
          exchange,
          500,
          164,
          "Cannot modify 'enable_http_compression' setting in readonly mode. (READONLY)");
    } else if (!exchange.getRequestMethod().equals("POST")) {
      fail(exchange, 500, 1, "the query stands in the body");
    } else {
      rows(exchange, query, parameters.contains("enable_http_compression=1"));
    }
  }

  private void fail(HttpExchange exchange, int status, int code, String why) throws IOException {
    exchange.getResponseHeaders().add("X-ClickHouse-Exception-Code", Integer.toString(code));
    send(
        exchange,
        status,
        "Code: %d. DB::Exception: %s (version 25.8.1.5101 (official build))\n".formatted(code, why),
        false);
  }

  private static void send(HttpExchange exchange, int status, String text, boolean zipped)
      throws IOException {
    // Nothing is sent as nothing, though the header promises gzip.
    byte[] bytes = zipped && !text.isEmpty() ? zip(text) : text.getBytes(StandardCharsets.UTF_8);
    if (zipped) {
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static byte[] zip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private void rows(HttpExchange exchange, String query, boolean zipped) throws IOException {
    List<String> lines = lines(query);
    if (lines == null) {
      fail(
          exchange,
          404,
          60,
          "Unknown table expression identifier in %s (UNKNOWN_TABLE)".formatted(query));
      return;
    }
    String text = String.join("", lines);
    boolean data = !query.contains("system.");
    if (end == End.WHOLE || !data || lines.isEmpty()) {
      send(exchange, 200, text, zipped);
      return;
    }
    String rest =
        switch (end) {
          case TEXT -> REASON.replace(". DB", ", e.displayText() = DB") + "\n";
          case BROKEN -> "__exception__\r\n" + REASON + "\r\n";
          case TAGGED ->
              "\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n"
                  .formatted(TAG, REASON, REASON.length(), TAG);
          case HALF -> text.substring(0, text.length() / 2);
          default -> "";
        };
    byte[] bytes = (text + rest).getBytes(StandardCharsets.UTF_8);
    boolean breaks = end != End.TEXT && end != End.HALF;
    exchange.sendResponseHeaders(200, bytes.length + (breaks ? 1_000 : 0));
    OutputStream out = exchange.getResponseBody();
    out.write(bytes);
    out.flush();
    if (end != End.SILENT) {
      // Closing before all was sent breaks the connection.
      exchange.close();
    }
  }

  /** The lines of the answer; null where there is no such table. */
  private List<String> lines(String query) {
    if (query.contains("FROM system.settings")) {
      return List.of(readonly + "\t.\n");
    }
    if (query.contains("FROM system.tables")) {
      List<String> found = new ArrayList<>();
      tables.forEach(
          (name, kept) -> {
            if (query.contains("name = '" + name + "'")
                || query.contains("default." + name + "'")) {
              found.add("default\t%s\t%s\t.\n".formatted(name, kept.engine()));
            }
          });
      return found;
    }
    Matcher columns = Pattern.compile("FROM system.columns .*table = '([^']*)'").matcher(query);
    if (columns.find()) {
      List<String> found = new ArrayList<>();
      tables
          .get(columns.group(1))
          .columns()
          .forEach((name, type) -> found.add(name + "\t" + type.replace("'", "\\'") + "\t.\n"));
      return found;
    }
    Matcher from = Pattern.compile("FROM `default`\\.`([^`]*)`").matcher(query);
    return from.find() && tables.containsKey(from.group(1))
        ? selected(tables.get(from.group(1)), query)
        : null;
  }

  private static List<String> selected(Kept kept, String query) {
    Matcher days = Pattern.compile("(?:>=|<) toDateTime(?:64)?\\('([0-9: -]+)'").matcher(query);
    List<String> span = new ArrayList<>();
    while (days.find()) {
      span.add(days.group(1));
    }
    List<Map<String, String>> within =
        kept.rows().stream()
            .filter(
                row ->
                    row.get("at").compareTo(span.get(0)) >= 0
                        && row.get("at").compareTo(span.get(1)) < 0)
            .toList();
    if (query.contains("uniqCombined64")) {
      return List.of(within.size() + "\t.\n");
    }
    List<String> lines = new ArrayList<>();
    for (Map<String, String> row : within) {
      StringBuilder line = new StringBuilder();
      for (String expression : outer(query)) {
        line.append(value(row, meant(expression, query))).append('\t');
      }
      lines.add(line.append(".\n").toString());
    }
    return lines;
  }

  /** The expressions between SELECT and FROM, but for the mark. */
  private static List<String> outer(String query) {
    List<String> found = new ArrayList<>();
    int depth = 0;
    int from = "SELECT ".length();
    for (int i = from; i < query.length(); i++) {
      char c = query.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (depth == 0 && c == ',') {
        found.add(query.substring(from, i).strip());
        from = i + 1;
      } else if (depth == 0 && query.startsWith(" FROM ", i)) {
        return found;
      }
    }
    return found;
  }

  /** An expression of the query inside, where a name stands for it. */
  private static String meant(String expression, String query) {
    Matcher name = Pattern.compile("[ot]\\.([ot]_\\w+)").matcher(expression);
    if (!name.find()) {
      return expression;
    }
    String before =
        query.substring(
            0,
            query.indexOf(
                " AS "
                    + name.group(1)
                    + (query.contains(" AS " + name.group(1) + ",") ? "," : " ")));
    int depth = 0;
    for (int i = before.length() - 1; i >= 0; i--) {
      char c = before.charAt(i);
      depth += c == ')' || c == ']' ? 1 : c == '(' || c == '[' ? -1 : 0;
      if (depth < 0 || depth == 0 && (c == ',' || before.startsWith("SELECT ", i))) {
        return before.substring(i + 1);
      }
    }
    return before;
  }

  private static String value(Map<String, String> row, String expression) {
    Matcher key = Pattern.compile("metadata\\['([^']*)'\\]").matcher(expression);
    Matcher inside = Pattern.compile("JSONExtractString\\(.*, '([^']*)'\\)").matcher(expression);
    Matcher column = Pattern.compile("`([^`]*)`").matcher(expression);
    if (inside.find()) {
      return row.getOrDefault(inside.group(1), "");
    }
    if (key.find()) {
      return row.getOrDefault("metadata." + key.group(1), "");
    }
    return column.find() ? row.getOrDefault(column.group(1), "") : "?";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
