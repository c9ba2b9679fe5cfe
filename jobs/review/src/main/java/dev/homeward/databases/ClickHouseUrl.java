package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of ClickHouse's HTTP interface, as {@code clickhouse://host:8123/default} or, with
 * TLS, {@code clickhouse://host/default?secure=true} or {@code clickhouse:https://host/default};
 * {@code jdbc:} may stand before it. It never holds a password: one that stands in it is refused,
 * because command lines are seen by other users and kept by shells.
 *
 * @param endpoint what requests are sent to: scheme, host and port
 * @param database the database in whose tables is read
 * @param user the user that the address names; empty: CLICKHOUSE_USER, or {@code default}
 * @param name what messages and manifests call it: host, port and database, and no user
 */
record ClickHouseUrl(URI endpoint, String database, Optional<String> user, String name) {
  private static final Pattern ONE =
      Pattern.compile("(?:jdbc:)?clickhouse:|jdbc:ch:", Pattern.CASE_INSENSITIVE);
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?:jdbc:)?clickhouse|jdbc:ch):(?:(https?):)?//([^/?#]*)(?:/([^/?#]*)/?)?(?:\\?([^#]*))?",
          Pattern.CASE_INSENSITIVE);
  private static final int PORT = 8123;
  private static final int TLS_PORT = 8443;
  private static final int HTTPS_PORT = 443;
  private static final int MOST_PORTS = 65_535;
  private static final String RULE = "clickhouse://HOST:8123/DATABASE";

  /** Whether a log is meant to be a ClickHouse. */
  static boolean isOne(String log) {
    return ONE.matcher(log).lookingAt();
  }

  /**
   * The database that a log names.
   *
   * @throws InvalidInput if it is no such address, or holds a password
   */
  static ClickHouseUrl parse(String given) {
    Matcher form = FORM.matcher(given);
    if (!form.matches()) {
      throw invalid(given, RULE);
    }
    String authority = form.group(2);
    int at = authority.lastIndexOf('@');
    String userInfo = at < 0 ? "" : authority.substring(0, at);
    if (userInfo.contains(":")) {
      throw refused(given);
    }
    Optional<String> user = named(userInfo);
    Optional<String> database = named(form.group(3) == null ? "" : form.group(3));
    String scheme = form.group(1) == null ? "" : form.group(1).toLowerCase(Locale.ROOT);
    for (String parameter : (form.group(4) == null ? "" : form.group(4)).split("&")) {
      String key = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
      String value = parameter.contains("=") ? parameter.split("=", 2)[1] : "";
      if (key.contains("password") || key.equals("key") || key.contains("token")) {
        throw refused(given);
      }
      switch (key) {
        case "" -> {}
        case "user", "username" -> user = named(value);
        case "database" -> database = named(value);
        case "secure", "ssl", "tls" -> scheme = isOn(value) ? "https" : "http";
        default ->
            throw invalid(
                given, "%s?user=NAME&secure=true; parameter %s is not known".formatted(RULE, key));
      }
    }
    return of(given, authority.substring(at + 1), scheme, user, database.orElse("default"));
  }

  private static ClickHouseUrl of(
      String given, String place, String scheme, Optional<String> user, String database) {
    try {
      URI parsed = new URI("http://" + place).parseServerAuthority();
      if (parsed.getHost() == null || parsed.getPort() > MOST_PORTS || parsed.getPort() == 0) {
        throw invalid(given, RULE);
      }
      boolean tls =
          scheme.isEmpty()
              ? parsed.getPort() == TLS_PORT || parsed.getPort() == HTTPS_PORT
              : scheme.equals("https");
      int port = parsed.getPort() < 0 ? tls ? TLS_PORT : PORT : parsed.getPort();
      String host = parsed.getHost() + ":" + port;
      return new ClickHouseUrl(
          new URI((tls ? "https://" : "http://") + host + "/"),
          database,
          user,
          (tls ? "clickhouse:https://" : "clickhouse://") + host + "/" + database);
    } catch (URISyntaxException e) {
      throw invalid(given, RULE);
    }
  }

  private static boolean isOn(String value) {
    return value.isEmpty() || value.equalsIgnoreCase("true") || value.equals("1");
  }

  private static Optional<String> named(String encoded) {
    return encoded.isEmpty()
        ? Optional.empty()
        : Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  private static InvalidInput invalid(String given, String rule) {
    return new InvalidInput("Invalid database: %s (%s)".formatted(DatabaseUrl.masked(given), rule));
  }

  private static InvalidInput refused(String given) {
    return new InvalidInput(
        "Invalid database: %s (a password in a command line is seen by other users). Put it into the environment variable CLICKHOUSE_PASSWORD, or into a file that CLICKHOUSE_PASSWORD_FILE names, and leave it out here"
            .formatted(DatabaseUrl.masked(given)));
  }
}
