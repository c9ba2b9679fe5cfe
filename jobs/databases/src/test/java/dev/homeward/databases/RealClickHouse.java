package dev.homeward.databases;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A ClickHouse for the tests: the one that HOMEWARD_CLICKHOUSE names, {@code localhost:8123}, in
 * whose default database the user default may make tables; else the server of this machine, started
 * for the tests (Debian's clickhouse-server of 2018 is one). Without either the tests are skipped,
 * and say so.
 */
final class RealClickHouse implements AutoCloseable {
  static final String PASSWORD = "correct-horse-7";

  private static final int TRIES = 100;
  private static final int WAIT_MILLIS = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String place;
  private final Process server;

  private RealClickHouse(String place, Process server) {
    this.place = place;
    this.server = server;
  }

  static RealClickHouse start(Path folder) throws IOException, InterruptedException {
    String given = System.getenv("HOMEWARD_CLICKHOUSE");
    if (given != null) {
      return new RealClickHouse(given, null);
    }
    Optional<Path> binary =
        List.of("/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server").stream()
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (binary.isEmpty()) {
      System.err.println(
          "SKIPPED: no ClickHouse: set HOMEWARD_CLICKHOUSE=localhost:8123, or install clickhouse-server");
      Assumptions.abort("no ClickHouse");
    }
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("users.xml"), USERS.formatted(PASSWORD, PASSWORD));
    Files.writeString(folder.resolve("config.xml"), CONFIG.formatted(port, folder, folder, folder));
    Process server =
        new ProcessBuilder(binary.get().toString(), "--config-file=" + folder.resolve("config.xml"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    RealClickHouse clickHouse = new RealClickHouse("localhost:" + port, server);
    for (int i = 0; i < TRIES; i++) {
      try {
        clickHouse.sql("SELECT 1");
        return clickHouse;
      } catch (IOException e) {
        Thread.sleep(WAIT_MILLIS);
      }
    }
    server.destroyForcibly();
    throw new IOException(
        "ClickHouse does not start: " + Files.readString(folder.resolve("server.log")));
  }

  private static final String USERS =
      """
      <yandex>
        <profiles><default/><reading><readonly>1</readonly></reading><setting><readonly>2</readonly></setting></profiles>
        <quotas><default/></quotas>
        <users>
          <default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default>
          <reader><password>%s</password><networks><ip>::/0</ip></networks><profile>reading</profile><quota>default</quota></reader>
          <setter><password>%s</password><networks><ip>::/0</ip></networks><profile>setting</profile><quota>default</quota></setter>
        </users>
      </yandex>
      """;

  private static final String CONFIG =
      """
      <yandex>
        <logger><level>warning</level><console>1</console></logger>
        <http_port>%d</http_port><listen_host>127.0.0.1</listen_host>
        <path>%s/data/</path><tmp_path>%s/data/tmp/</tmp_path><users_config>%s/users.xml</users_config>
        <default_profile>default</default_profile><default_database>default</default_database>
        <mark_cache_size>536870912</mark_cache_size>
      </yandex>
      """;

  /** Whether it is the tests' own, with the users that they know. */
  boolean isOwn() {
    return server != null;
  }

  /** The first number of its version. */
  int version() throws IOException, InterruptedException {
    String version = sql("SELECT version() FORMAT TabSeparated").strip();
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }

  String sql(String query) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + place + "/"))
                .POST(HttpRequest.BodyPublishers.ofString(query))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(query + ": " + answer.body());
    }
    return answer.body();
  }

  String url(String user) {
    return "clickhouse://%s%s/default".formatted(user.isEmpty() ? "" : user + "@", place);
  }

  @Override
  public void close() {
    if (server != null) {
      server.destroy();
    }
  }
}
