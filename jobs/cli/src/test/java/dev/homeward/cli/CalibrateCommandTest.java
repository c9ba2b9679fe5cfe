package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrateCommandTest {
  @TempDir Path folder;

  /** A card twice as fast at one token as the shipped class says: the set it gets says so. */
  @Test
  void aUsersBenchMakesASetThatTheCatalogTakes() throws IOException {
    Path bench = folder.resolve("llama_bench.json");
    StringBuilder tests = new StringBuilder("[");
    for (int prompt : new int[] {128, 512, 2048}) {
      tests.append(test(prompt, 0, prompt == 128 ? 3000 : 5000)).append(',');
    }
    tests.append(test(0, 128, 60)).append(']');
    Files.writeString(bench, tests);
    Path out = folder.resolve("mine.yaml");
    Cli.Ran ran =
        Cli.run(
            "calibrate",
            bench.toString(),
            "--accelerator",
            "rtx-4090",
            "--model",
            "8b.gguf=llama-3.1-8b",
            "--date",
            "2026-11-21",
            "--reference",
            "my \"desk\"",
            "--out",
            out.toString());
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().contains("llama.cpp on rtx-4090"), ran.out());
    assertTrue(ran.out().contains("not identified by these data"), ran.out());
    Efficiency mine = Catalog.with(List.of(out)).engine("llama.cpp").efficiencies().get("rtx-4090");
    assertEquals(
        "fitted to 4 points of llama.cpp server in llama_bench.json (my \"desk\")",
        mine.source().reference());
    Efficiency family =
        Catalog.standard().engine("llama.cpp").efficiencies().get("nvidia-consumer");
    assertNotEquals(family.get(EfficiencyParameter.COMPUTE), mine.get(EfficiencyParameter.COMPUTE));
  }

  /** What a file holds says what it is: people call theirs results.txt, or 4090-tonight.json. */
  @Test
  void aBenchIsToldByItsContentWhateverItsName() throws IOException {
    String one = test(512, 0, 5000);
    String two = test(0, 128, 60);
    String columns = "model_filename,model_type,n_prompt,n_gen,avg_ts\n";
    String rows =
        "\"8b.gguf\",\"llama 8B F16\",512,0,5000\n\"8b.gguf\",\"llama 8B F16\",0,128,60\n";
    Map<String, String> files =
        Map.of(
            "4090-tonight.json",
            "[" + one + "," + two + "]",
            "results.txt",
            "\n  [\n" + one + ",\n" + two + "]\n",
            "lines",
            one + "\n" + two + "\n",
            "bench.out",
            columns + rows,
            // Not by its name either: a table of serving points may be called anything too.
            "llama-bench-of-vllm.csv",
            "backend,model_path,system,isl,osl,batch_size,silicon_tpot_ms\n"
                + "vllm,meta-llama/Llama-3.1-8B,h100_sxm,1024,256,8,10\n");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.writeString(path, file.getValue());
      Cli.Ran ran =
          Cli.run(
              "calibrate",
              path.toString(),
              "--accelerator",
              "rtx-4090",
              "--model",
              "8b.gguf=llama-3.1-8b");
      assertEquals(0, ran.exit(), file.getKey() + ": " + ran.err());
      assertTrue(
          ran.out()
              .contains(
                  file.getKey().contains("vllm")
                      ? "vllm on h100-sxm-80gb"
                      : "llama.cpp on rtx-4090"),
          ran.out());
    }
    Path table = folder.resolve("table.md");
    Files.writeString(table, "| model | size | params | backend | test | t/s |\n| --- |\n");
    Cli.Ran people = Cli.run("calibrate", table.toString());
    assertEquals(2, people.exit());
    assertTrue(
        people.err().contains("it is a bench's table for people. Maybe run it again with -o json"),
        people.err());
  }

  @Test
  void whatCannotBeUsedIsNamed() throws IOException {
    Path points = folder.resolve("serving_points.csv");
    Files.writeString(
        points,
        "backend,model_path,system,isl,osl,batch_size,silicon_tpot_ms\n"
            + "vllm,org/Unheard-Of-9B,h100_sxm,1024,256,8,10\n"
            + "vllm,meta-llama/Llama-3.1-8B,h100_sxm,1024,x,8,10\n");
    Cli.Ran ran = Cli.run("calibrate", points.toString());
    assertEquals(2, ran.exit());
    assertTrue(
        ran.out().contains("left out  1 points: unknown model org/Unheard-Of-9B"), ran.out());
    assertTrue(
        ran.out().contains("left out  serving_points.csv:3: Invalid osl: x (a number)"), ran.out());
    assertTrue(ran.err().contains("Cannot calibrate: none of 1 points"), ran.err());
    Cli.Ran missing = Cli.run("calibrate", folder.resolve("none.csv").toString());
    assertEquals(2, missing.exit());
    assertTrue(missing.err().contains("no such file"), missing.err());
  }

  /** A run whose calls are the model's own comes out without error. */
  @Test
  void validateModelReportsPointsAndRuns() throws IOException {
    StringBuilder points =
        new StringBuilder("backend,model_path,system,isl,osl,batch_size,silicon_tpot_ms\n");
    for (int callers = 1; callers <= 32; callers *= 2) {
      points.append(
          String.format(
              Locale.ROOT,
              "vllm,meta-llama/Llama-3.1-8B-Instruct,h100_sxm,1024,256,%d,%d%n",
              callers,
              7 + callers / 4));
    }
    Files.writeString(folder.resolve("serving_points.csv"), points);
    Files.writeString(
        folder.resolve("calls.csv"),
        "arrival_s,input_tokens,output_tokens,ttft_s,e2e_s\n0,100,11,0.05,0.3\n5,100,11,0.05,0.3\n");
    Files.writeString(
        folder.resolve("runs.yaml"),
        "runs:\n  - { name: mine, calls: calls.csv, accelerator: rtx-4090, model: llama-3.1-8b,"
            + " quantization: fp16, engine: vllm }\n");
    Cli.Ran ran = Cli.run("validate-model", "--data", folder.toString());
    assertEquals(0, ran.exit(), ran.err());
    // The parameters in use: nothing is fitted unless asked.
    assertTrue(ran.out().contains("| vllm | 0.19 | h100-sxm-80gb | tpot | 6 |"), ran.out());
    assertFalse(ran.out().contains("| fitted to |"), ran.out());
    assertTrue(ran.out().contains("| mine | 2 | makespan, s | 5.3 |"), ran.out());
    Cli.Ran refit = Cli.run("validate-model", "--data", folder.toString(), "--refit");
    assertEquals(0, refit.exit(), refit.err());
    assertTrue(refit.out().contains("| vllm | all | all, dense | 6 |"), refit.out());
    Cli.Ran json = Cli.run("validate-model", "--data", folder.toString(), "--json");
    assertEquals(0, json.exit(), json.err());
    assertTrue(
        json.out()
            .lines()
            .anyMatch(
                line ->
                    line.startsWith("{\"engine\":\"vllm\"")
                        && line.contains("\"kind\":\"tpot\",\"points\":6,")),
        json.out());
    assertTrue(json.out().lines().allMatch(line -> line.startsWith("{")), json.out());
    Files.writeString(folder.resolve("runs.yaml"), "runs:\n  - { name: mine, callz: x }\n");
    Cli.Ran wrong = Cli.run("validate-model", "--data", folder.toString());
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("callz"), wrong.err());
  }

  private static String test(int prompt, int generated, double rate) {
    return String.format(
        Locale.ROOT,
        "{\"model_filename\":\"8b.gguf\",\"model_type\":\"llama 8B F16\",\"n_prompt\":%d,"
            + "\"n_gen\":%d,\"avg_ts\":%s}",
        prompt,
        generated,
        rate);
  }
}
