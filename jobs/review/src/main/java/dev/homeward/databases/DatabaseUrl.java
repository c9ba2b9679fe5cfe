package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a database, as {@code jdbc:postgresql://host:5432/litellm?sslmode=require} or as
 * {@code postgresql://user@host/litellm}, which gateways are configured with. It never holds a
 * password: one that stands in it is refused, because command lines are seen by other users and
 * kept by shells.
 *
 * @param jdbc what the driver is given, without a user
 * @param user the user that the address names; empty: PGUSER, or who runs this program
 * @param name what messages and manifests call it: host, port and database, and no parameters
 */
public record DatabaseUrl(String jdbc, Optional<String> user, String name) {
  private static final Pattern FORM =
      Pattern.compile("(?:jdbc:)?(postgres(?:ql)?)://([^/?#]*)(/[^?#]*)?(?:\\?(.*))?");
  private static final String ADVICE =
      "Put it into the environment variable PGPASSWORD or into ~/.pgpass, and leave it out here";

  /**
   * The database that a log names.
   *
   * @throws InvalidInput if it is none of PostgreSQL, or holds a password
   */
  public static DatabaseUrl parse(String given) {
    Matcher form = FORM.matcher(given);
    if (!form.matches()) {
      throw new InvalidInput(
          "Invalid database: %s (jdbc:postgresql://HOST:PORT/DATABASE; other databases are not read, export their table instead)"
              .formatted(masked(given)));
    }
    String authority = form.group(2);
    int at = authority.lastIndexOf('@');
    String userInfo = at < 0 ? "" : authority.substring(0, at);
    String host = authority.substring(at + 1);
    String database = form.group(3) == null ? "" : form.group(3);
    Optional<String> user = userInfo.isEmpty() ? Optional.empty() : Optional.of(userInfo);
    List<String> kept = new ArrayList<>();
    for (String parameter : (form.group(4) == null ? "" : form.group(4)).split("&")) {
      String key = parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
      if (key.contains("password")) {
        throw refused(given);
      }
      if (key.equals("user") && parameter.contains("=")) {
        user = Optional.of(parameter.split("=", 2)[1]);
      } else if (!parameter.isEmpty()) {
        kept.add(parameter);
      }
    }
    if (userInfo.contains(":")) {
      throw refused(given);
    }
    if (host.isEmpty() || database.length() < 2) {
      throw new InvalidInput(
          "Invalid database: %s (jdbc:postgresql://HOST:PORT/DATABASE)".formatted(masked(given)));
    }
    String parameters = kept.isEmpty() ? "" : "?" + String.join("&", kept);
    return new DatabaseUrl(
        "jdbc:postgresql://" + host + database + parameters,
        user,
        "postgresql://" + host + database);
  }

  private static InvalidInput refused(String given) {
    return new InvalidInput(
        "Invalid database: %s (a password in a command line is seen by other users). %s"
            .formatted(masked(given), ADVICE));
  }

  /** An address without what may be a secret in it. */
  static String masked(String given) {
    return given
        .replaceFirst("\\?.*", "?...")
        .replaceFirst("//[^/]*@", "//...@")
        .replaceFirst("(?i)^(jdbc:[a-z0-9]+:)(?!//).*@", "$1...@");
  }
}
