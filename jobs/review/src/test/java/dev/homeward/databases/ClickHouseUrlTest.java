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

/** What names a ClickHouse, and that a password in it is refused and not repeated. */
final class ClickHouseUrlTest {
  @Test
  void formsOfOtherProgramsNameTheSameDatabase() {
    for (String form :
        List.of(
            "clickhouse://reader@db:8123/langfuse",
            "clickhouse://db/langfuse?user=reader",
            "clickhouse:http://reader@db/langfuse/",
            "jdbc:clickhouse://db:8123/langfuse?username=reader&ssl=false",
            "jdbc:ch://reader@db?database=langfuse")) {
      ClickHouseUrl url = ClickHouseUrl.parse(form);
      assertTrue(LogOptions.isDatabase(form), form);
      assertTrue(ClickHouseUrl.isOne(form), form);
      assertEquals("http://db:8123/", url.endpoint().toString(), form);
      assertEquals("langfuse", url.database(), form);
      assertEquals(Optional.of("reader"), url.user(), form);
      assertEquals("clickhouse://db:8123/langfuse", url.name(), form);
    }
    ClickHouseUrl bare = ClickHouseUrl.parse("clickhouse://db");
    assertEquals("default", bare.database());
    assertEquals(Optional.empty(), bare.user());
    assertEquals(
        "clickhouse://[::1]:8123/default", ClickHouseUrl.parse("clickhouse://[::1]").name());
  }

  @Test
  void tlsIsAskedForInAnyOfFourWays() {
    for (String form :
        List.of(
            "clickhouse:https://db/x",
            "clickhouse://db:8443/x",
            "clickhouse://db/x?secure=true",
            "jdbc:clickhouse:https://db:8443/x",
            "clickhouse://db/x?secure",
            "jdbc:ch://db/x?ssl=1")) {
      ClickHouseUrl url = ClickHouseUrl.parse(form);
      assertEquals("https://db:8443/", url.endpoint().toString(), form);
      assertEquals("clickhouse:https://db:8443/x", url.name(), form);
    }
    assertEquals(
        "https://db:9443/",
        ClickHouseUrl.parse("clickhouse:https://db:9443/x").endpoint().toString());
    assertEquals(
        "http://db:8443/",
        ClickHouseUrl.parse("clickhouse:http://db:8443/x").endpoint().toString());
  }

  @Test
  void aPasswordIsRefusedAndNotRepeated() {
    for (String form :
        List.of(
            "clickhouse://reader:hunter2@db/x",
            "clickhouse://db/x?password=hunter2",
            "jdbc:clickhouse://db/x?user=reader&PASSWORD=hunter2",
            "jdbc:ch:https://reader:hunter2@db",
            "clickhouse://db/x?access_token=hunter2",
            "clickhouse://db:port/x?password=hunter2")) {
      InvalidInput refused =
          assertThrows(InvalidInput.class, () -> ClickHouseUrl.parse(form), form);
      assertFalse(refused.getMessage().contains("hunter2"), refused.getMessage());
    }
  }

  @Test
  void whatIsNoAddressIsRefused() {
    for (String form :
        List.of(
            "clickhouse:db/x",
            "clickhouse://",
            "clickhouse://db:99999/x",
            "clickhouse://db:no/x",
            "clickhouse://db/x/y",
            "clickhouse://a b/x",
            "jdbc:clickhouse:grpc://db/x")) {
      assertThrows(InvalidInput.class, () -> ClickHouseUrl.parse(form), form);
    }
    InvalidInput unknown =
        assertThrows(
            InvalidInput.class, () -> ClickHouseUrl.parse("clickhouse://db/x?max_threads=4"));
    assertTrue(unknown.getMessage().contains("parameter max_threads is not known"));
  }
}
