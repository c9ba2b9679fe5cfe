package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Says in one line why ClickHouse did not answer.
 *
 * @param limits how long was waited
 * @param reading what was being read; empty while connecting
 */
record ClickHouseFailure(ClickHouseUrl url, ClickHouseHttp.Limits limits, String reading) {
  private static final int LONGEST_BODY = 8_192;
  private static final int LONGEST_REASON = 300;
  private static final Pattern CODE = Pattern.compile("Code: (\\d+)[.,]\\s*");
  private static final Pattern VERSION =
      Pattern.compile("\\s*\\(version [^()]*(?:\\([^)]*\\))?\\)");
  private static final Pattern TRACE = Pattern.compile("(?:, )?Stack trace.*", Pattern.DOTALL);

  /** A connection that was not had, or that broke before the answer began. */
  InvalidInput of(IOException e) {
    String said = VisibleText.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    boolean tls = url.endpoint().getScheme().equals("https");
    if (e instanceof HttpConnectTimeoutException) {
      return cannot(
          "no connection within %d seconds. Check the host, the port and the network%s"
              .formatted(limits.connect().toSeconds(), tls ? ", and that it speaks TLS there" : ""),
          e);
    }
    if (e instanceof HttpTimeoutException) {
      return cannot("no answer within %d seconds".formatted(limits.silence().toSeconds()), e);
    }
    if (has(e, UnresolvedAddressException.class)) {
      return cannot("no such host. Check the host and the network", e);
    }
    if (e instanceof ConnectException) {
      return cannot("connection refused. Check the host, the port and the network", e);
    }
    if (has(e, CertificateException.class)) {
      return cannot(
          "its certificate is not trusted (%s). Maybe name the authority that signed it: HOMEWARD_JAVA_OPTS=\"-Djavax.net.ssl.trustStore=FILE\""
              .formatted(said),
          e);
    }
    if (has(e, SSLException.class) || tls) {
      return cannot(
          "it does not agree on TLS (%s). Maybe the port is that of plain HTTP (8123): leave secure and https out"
              .formatted(said),
          e);
    }
    return cannot(
        "it broke the connection off (%s). Check that the port is that of its HTTP interface (8123, or 8443 with TLS: add ?secure=true)"
            .formatted(said),
        e);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> kind) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** An answer that is no result. */
  InvalidInput refused(HttpResponse.ResponseInfo head, InputStream body) {
    String said = "";
    try {
      said = new String(body.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The status says enough.
      said = "";
    }
    Matcher code = CODE.matcher(said);
    if (code.find()) {
      return told(said);
    }
    if (said.contains("clickhouse-client program")) {
      return cannot(
          "the port is that of ClickHouse's own protocol. Name the one of its HTTP interface, 8123 or, with TLS, 8443",
          null);
    }
    int status = head.statusCode();
    boolean is =
        head.headers().map().keySet().stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-clickhouse"));
    if (status == 401 || status == 403) {
      return cannot("HTTP status %d%s".formatted(status, LOGIN), null);
    }
    return cannot(
        "HTTP status %d%s"
            .formatted(
                status,
                is
                    ? ""
                    : ", and it does not look like ClickHouse. Check the host and the port (8123, or 8443 with TLS)"),
        null);
  }

  private static final String LOGIN =
      ". Give the password by CLICKHOUSE_PASSWORD or a file that CLICKHOUSE_PASSWORD_FILE names, and the user by CLICKHOUSE_USER or NAME@ before the host";

  private InvalidInput told(String said) {
    Matcher code = CODE.matcher(said);
    int number = code.find() ? number(code.group(1)) : 0;
    return cannot(reason(said) + advice(number), null);
  }

  private static int number(String digits) {
    return digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }

  private static String reason(String said) {
    Matcher code = CODE.matcher(said);
    String from = code.find() ? said.substring(code.start()) : said;
    String line =
        VERSION
            .matcher(TRACE.matcher(from).replaceAll(""))
            .replaceAll("")
            .lines()
            .findFirst()
            .orElse("")
            .replace("e.displayText() = ", "")
            .replace(", e.what() = DB::Exception", "")
            .strip();
    String shown = VisibleText.of(line);
    return shown.length() <= LONGEST_REASON
        ? shown.replaceFirst("\\.$", "")
        : shown.substring(0, LONGEST_REASON) + "...";
  }

  private static String advice(int code) {
    return switch (code) {
      // Unknown user, wrong password, required password, authentication failed.
      case 192, 193, 194, 516 -> LOGIN;
      case 81 -> ". Check the name of the database, which stands behind the host";
      case 497 -> ". Maybe GRANT SELECT on the columns to this user";
      case 159, 209 -> ". Maybe raise max_execution_time of this user";
      case 241 -> ". Maybe raise max_memory_usage of this user";
      default -> "";
    };
  }

  /** A query that failed after its first rows. */
  InvalidInput inTheMiddle(String said) {
    if (said.isEmpty()) {
      return cannot("its answer ends in the middle of a row", null);
    }
    Matcher code = CODE.matcher(said);
    int number = code.find() ? number(code.group(1)) : 0;
    return cannot("it failed in the middle: " + reason(said) + advice(number), null);
  }

  /** A connection that broke after the first rows. */
  InvalidInput inTheMiddle(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return cannot(e.getMessage(), e);
    }
    String said =
        e instanceof EOFException
            ? "unexpected end"
            : VisibleText.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    return cannot("its answer broke off (%s)".formatted(said), e);
  }

  private InvalidInput cannot(String why, Throwable cause) {
    String what = reading.isEmpty() ? url.name() : reading + " of " + url.name();
    String text = "Cannot read %s: %s".formatted(what, why);
    return cause == null ? new InvalidInput(text) : new InvalidInput(text, cause);
  }
}
