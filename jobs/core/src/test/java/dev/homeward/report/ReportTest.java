package dev.homeward.report;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.SharedData;
import dev.homeward.config.Documents;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '\0',
      value = {
        "=1+1|'=1+1",
        "+x|'+x",
        "-x|'-x",
        "@x|'@x",
        "'=x|''=x",
        "'plain|'plain",
        "a,b|\"a,b\"",
        "a\"b|\"a\"\"b\"",
        "plain|plain"
      })
  void cellsAreNeutralisedAndQuoted(String text, String cell) {
    assertEquals(cell, Csv.cell(text));
    if (!cell.startsWith("\"")) {
      assertEquals(text, Csv.text(cell), "read back");
    }
  }

  @Test
  void unknownIsEmptyAndMoneyIsRoundedHalfEvenOnce() {
    Map<RankingColumn, Object> row = new EnumMap<>(RankingColumn.class);
    row.put(RankingColumn.RANK, 1L);
    row.put(RankingColumn.WORKLOAD, "=cmd");
    row.put(RankingColumn.API_COST_USD, new BigDecimal("0.125"));
    row.put(RankingColumn.API_MONTHLY_USD, new BigDecimal("0.135"));
    row.put(RankingColumn.SAVING_MONTHLY_USD, new BigDecimal("-0.001"));
    row.put(RankingColumn.UTILIZATION, new BigDecimal("0.00005"));
    String[] lines = Csv.ranking(List.of(row)).split("\n");
    String[] header = lines[0].split(",");
    String[] cells = lines[1].split(",", -1);
    assertEquals(header.length, cells.length);
    assertEquals("'=cmd", cells[RankingColumn.WORKLOAD.ordinal()]);
    assertEquals("0.12", cells[RankingColumn.API_COST_USD.ordinal()]);
    assertEquals("0.14", cells[RankingColumn.API_MONTHLY_USD.ordinal()]);
    assertEquals("0.00", cells[RankingColumn.SAVING_MONTHLY_USD.ordinal()]);
    assertEquals("", cells[RankingColumn.LOCAL_MONTHLY_USD.ordinal()]);
    assertEquals("0.0000", cells[RankingColumn.UTILIZATION.ordinal()]);
  }

  @Test
  void parquetHoldsTheSameRowsWithUnknownAsNull(@TempDir Path folder) throws Exception {
    Map<RankingColumn, Object> row = new EnumMap<>(RankingColumn.class);
    row.put(RankingColumn.RANK, 3L);
    row.put(RankingColumn.WORKLOAD, "w");
    row.put(RankingColumn.API_COST_USD, new BigDecimal("12.3456789"));
    Path file = folder.resolve("ranking.parquet");
    RankingParquet.write(List.of(row), new LocalOutputFile(file));
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      var schema = reader.getFileMetaData().getSchema();
      assertEquals(RankingColumn.values().length, schema.getFieldCount());
      var pages = reader.readNextRowGroup();
      Group group =
          new org.apache.parquet.io.ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(
                  pages,
                  new org.apache.parquet.example.data.simple.convert.GroupRecordConverter(schema))
              .read();
      assertEquals(3, group.getLong("rank", 0));
      assertEquals(12_345_679L, group.getLong("api_cost_usd", 0), "DECIMAL(18,6)");
      assertEquals(0, group.getFieldRepetitionCount("npv_usd"));
    }
  }

  /** In the order of the format's numbers; Parquet's own order is another in each process. */
  @Test
  void encodingsStandInOneOrderInEveryProcess(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ranking.parquet");
    RankingParquet.write(
        List.of(new EnumMap<>(Map.of(RankingColumn.RANK, 3L, RankingColumn.WORKLOAD, "w"))),
        new LocalOutputFile(file));
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - 8);
    var footer =
        Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
    int several = 0;
    for (var column : footer.getRow_groups().get(0).getColumns()) {
      List<Encoding> encodings = column.getMeta_data().getEncodings();
      assertEquals(encodings.stream().sorted().toList(), encodings);
      several += encodings.size() > 2 ? 1 : 0;
    }
    assertTrue(several > 0, "a column has several");
  }

  @Test
  void columnsAreThoseOfTheSchemaFile() {
    JsonNode schema = Documents.read(SharedData.root().resolve("schemas/ranking.columns.json"));
    List<String> documented = new ArrayList<>();
    schema
        .get("columns")
        .forEach(
            c ->
                documented.add(
                    c.get("name").textValue() + ": " + c.get("description").textValue()));
    List<String> actual = new ArrayList<>();
    for (RankingColumn column : RankingColumn.values()) {
      actual.add(column.columnName() + ": " + column.meaning());
    }
    assertEquals(documented, actual);
  }
}
