package dev.homeward.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.logs.LogOptions;
import dev.homeward.units.InvalidInput;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What names a database, and that a password in it is refused and not repeated. */
final class DatabaseUrlTest {
  @Test
  void theTwoFormsNameTheSameDatabase() {
    DatabaseUrl jdbc =
        DatabaseUrl.parse("jdbc:postgresql://db:5433/litellm?user=reader&sslmode=require");
    DatabaseUrl uri = DatabaseUrl.parse("postgresql://reader@db:5433/litellm?sslmode=require");
    assertEquals(jdbc, uri);
    assertEquals("jdbc:postgresql://db:5433/litellm?sslmode=require", jdbc.jdbc());
    assertEquals(Optional.of("reader"), jdbc.user());
    assertEquals("postgresql://db:5433/litellm", jdbc.name());
  }

  @Test
  void aPasswordIsRefusedAndNotRepeated() {
    for (String url :
        List.of(
            "jdbc:postgresql://db/litellm?user=reader&password=hunter2",
            "jdbc:postgresql://db/litellm?PASSWORD=hunter2",
            "jdbc:postgresql://db/litellm?sslpassword=hunter2",
            "jdbc:postgresql://reader:hunter2@db/litellm",
            "postgres://reader:hunter2@db/litellm",
            "postgresql://reader:hunter2@db",
            // No database at all, and yet somebody's secret.
            "jdbc:mysql://reader:hunter2@db/litellm",
            "jdbc:oracle:thin:reader/hunter2@db:1521:xe")) {
      assertTrue(LogOptions.isDatabase(url), url);
      InvalidInput refused = assertThrows(InvalidInput.class, () -> DatabaseUrl.parse(url), url);
      assertFalse(refused.getMessage().contains("hunter2"), refused.getMessage());
    }
  }

  @Test
  void filesAreNoDatabases() {
    for (String log : List.of("postgresql-2026-10.csv", "s3a://bucket/logs", "logs/jdbc", "-")) {
      assertFalse(LogOptions.isDatabase(log), log);
    }
  }
}
