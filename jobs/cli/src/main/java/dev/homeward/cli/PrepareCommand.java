package dev.homeward.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs through what users run most, on a log of one call, so that the launcher can archive the
 * classes that takes.
 */
@Command(name = "prepare", hidden = true, description = "Used by the launcher after a build.")
final class PrepareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "LOG")
  private String log;

  @Parameters(index = "1", paramLabel = "REVIEW")
  private String review;

  @Override
  public Integer call() {
    Main.run("review", log, "--out", review);
    Main.run("explain", "first-run", "--review", review);
    return Main.run(
        "whatif",
        review,
        "--set",
        "hardware.rtx-4090.price=1000",
        "--set",
        "assumptions.pue=1.1",
        "--set",
        "workloads.first-run.ttft-p95-ms=3000");
  }
}
