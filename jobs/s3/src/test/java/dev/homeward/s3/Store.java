package dev.homeward.s3;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * S3Mock, a store that speaks S3, in a process of its own, and the requests that tests make of it.
 */
final class Store implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
  private static final int TRIES = 300;
  private static final int WAIT_MILLIS = 200;

  private final Process process;
  private final String endpoint;
  private final HttpClient http = HttpClient.newHttpClient();

  private Store(Process process, String endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  static Store start(Path folder) throws IOException, InterruptedException {
    int port = closedPort();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dserver.port=" + closedPort(),
                "-Dcom.adobe.testing.s3mock.httpPort=" + port,
                "-jar",
                jar())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3mock.log").toFile())
            .start();
    Store store = new Store(process, "http://localhost:" + port);
    for (int i = 0; ; i++) {
      try {
        store.ask("GET", "/", "");
        return store;
      } catch (IOException e) {
        if (i == TRIES || !process.isAlive()) {
          store.close();
          throw new IOException("S3Mock does not start; see " + folder.resolve("s3mock.log"), e);
        }
        Thread.sleep(WAIT_MILLIS);
      }
    }
  }

  /** A port on which nobody listens. */
  static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String jar() {
    for (String part : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      if (Path.of(part).getFileName().toString().matches("s3mock-.*-exec\\.jar")) {
        return part;
      }
    }
    throw new IllegalStateException("S3Mock is not among the dependencies of this module");
  }

  /** What the program must be told to find the store. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        endpoint,
        "AWS_ACCESS_KEY_ID",
        "key-of-the-test",
        "AWS_SECRET_ACCESS_KEY",
        "secret-of-the-test");
  }

  String ask(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(endpoint + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return answer.body();
  }

  /** The keys of a bucket, sorted; those of folders, which end with a slash, are left out. */
  List<String> keys(String bucket) throws IOException, InterruptedException {
    List<String> keys = new ArrayList<>();
    Matcher found = KEY.matcher(ask("GET", "/" + bucket + "?list-type=2", ""));
    while (found.find()) {
      if (!found.group(1).endsWith("/")) {
        keys.add(found.group(1));
      }
    }
    return keys;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
