package dev.homeward.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlainNumberTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "11590.3|11,590",
        "1159000000|1,159,000,000",
        "-1234.5|-1,234",
        "100|100",
        "99.96|100",
        "11.59|11.6",
        "10|10",
        "1.159|1.16",
        "1|1",
        "0.01234|0.012",
        "0.5|0.5",
        "-0.00000012|-0.00000012",
        "0|0"
      })
  void isWhatPeopleRead(double value, String text) {
    assertEquals(text, PlainNumber.of(value));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> PlainNumber.of(Double.NaN));
  }
}
