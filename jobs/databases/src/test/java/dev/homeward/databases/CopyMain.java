package dev.homeward.databases;

import dev.homeward.files.HadoopFiles;
import dev.homeward.progress.Progress;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Copies a table in a process of its own, whose heap is as small as the test makes it. */
final class CopyMain {
  private CopyMain() {}

  /**
   * Copies the October of a table.
   *
   * @param args database, table, folder
   */
  public static void main(String[] args) {
    RowSource.Asked asked =
        new RowSource.Asked(Optional.of(args[1]), List.of(), ZoneOffset.UTC, List.of());
    System.out.println(
        RowSource.of(args[0], asked)
            .copy(
                HadoopFiles.standalone(),
                args[2],
                YearMonth.of(2026, 10),
                ZoneOffset.UTC,
                System::getenv,
                new Progress(System.out, false))
            .rows());
  }
}
