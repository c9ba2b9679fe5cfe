package dev.homeward.nextsteps;

import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Scheduling;
import dev.homeward.nextsteps.EngineCommand.Documented;
import dev.homeward.nextsteps.EngineCommand.Setting;
import dev.homeward.serving.KvCachePlan;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Start commands of the engines whose flags have been looked up. Every flag stands in the list of
 * documented ones that the tests hold; an engine of one's own, or LM Studio, has no command here,
 * and the steps say so.
 */
final class EngineCommands {
  private static final String KV = "16 bits, as replayed";
  private static final String CONTEXT = "longest context of a replica in the replay";
  private static final String SEQUENCES = "sequences at once in the replay";
  private static final String STEP = "tokens of a step in the replay";
  private static final String TENSOR = "accelerators of a replica in the replay";
  private static final String PREFIXES = "the replay found prompts in the prefix cache";
  private static final String NO_PREFIXES = "the replay computed every prompt";
  private static final String MEMORY = "share of memory that the replay planned with";
  private static final String NAME = "name that the router asks for";
  private static final String ON = "";

  static final Documented VLLM =
      new Documented("vLLM", "0.27", "https://docs.vllm.ai/en/stable/cli/serve/", "2026-11");
  static final Documented SGLANG =
      new Documented(
          "SGLang",
          "0.5",
          "https://docs.sglang.io/advanced_features/server_arguments.html",
          "2026-11");
  static final Documented LLAMA_CPP =
      new Documented(
          "llama.cpp",
          "2026-11",
          "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
          "2026-11");
  static final Documented OLLAMA =
      new Documented("Ollama", "0.12", "https://docs.ollama.com/faq", "2026-11");
  static final Documented MLX =
      new Documented(
          "mlx-lm",
          "0.31",
          "https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/SERVER.md",
          "2026-11");
  static final Documented TENSORRT_LLM =
      new Documented(
          "TensorRT-LLM",
          "1.0",
          "https://nvidia.github.io/TensorRT-LLM/commands/trtllm-serve/trtllm-serve.html",
          "2026-11");

  /** By the engine's name without a version. */
  private static final Map<String, Function<FleetSetup, EngineCommand>> KNOWN =
      Map.of(
          "vllm", EngineCommands::vllm,
          "sglang", EngineCommands::sglang,
          "llama.cpp", EngineCommands::llamaCpp,
          "ollama", EngineCommands::ollama,
          "mlx", EngineCommands::mlx,
          "tensorrt-llm", EngineCommands::tensorRtLlm);

  private EngineCommands() {}

  /** How the fleet's engine is started; empty for an engine whose flags nobody has looked up. */
  static Optional<EngineCommand> of(FleetSetup fleet) {
    return Optional.ofNullable(KNOWN.get(fleet.deployment().engine().line()))
        .map(command -> command.apply(fleet));
  }

  private static EngineCommand vllm(FleetSetup fleet) {
    Engine.Limits limits = limits(fleet);
    List<Setting> flags = new ArrayList<>();
    flags.add(new Setting("--served-model-name", fleet.name(), NAME));
    address(flags);
    flags.add(
        setting("--tensor-parallel-size", fleet.deployment().acceleratorsPerReplica(), TENSOR));
    flags.add(setting("--max-model-len", plan(fleet).maxContextTokens(), CONTEXT));
    flags.add(setting("--max-num-seqs", plan(fleet).maxSequences(), SEQUENCES));
    flags.add(setting("--max-num-batched-tokens", limits.maxBatchedTokens(), STEP));
    flags.add(new Setting("--gpu-memory-utilization", memoryShare(fleet), MEMORY));
    flags.add(new Setting("--kv-cache-dtype", "auto", KV));
    flags.add(
        setting(
            "--block-size",
            fleet.deployment().engine().scheduling().blockTokens(),
            "tokens of a cache block in the replay"));
    flags.add(
        fleet.findsPrefixes()
            ? new Setting("--enable-prefix-caching", ON, PREFIXES)
            : new Setting("--no-enable-prefix-caching", ON, NO_PREFIXES));
    if (fleet.deployment().model().embedding()) {
      flags.add(new Setting("--runner", "pooling", "the model makes embeddings"));
    }
    return new EngineCommand(
        VLLM,
        List.of("vllm", "serve", EngineCommand.MODEL),
        flags,
        List.of(),
        fleet.accelerator().family().startsWith("amd")
            ? "rocm/vllm:latest"
            : "vllm/vllm-openai:latest",
        "/health",
        "hosted_vllm/" + fleet.name(),
        List.of(
            cache(fleet)
                + " vLLM prints \"GPU KV cache size\" when it starts: with fewer tokens it holds fewer"
                + " calls at once than the replay had."));
  }

  private static EngineCommand sglang(FleetSetup fleet) {
    Engine.Limits limits = limits(fleet);
    List<Setting> flags = new ArrayList<>();
    flags.add(new Setting("--model-path", EngineCommand.MODEL, "the checkpoint"));
    flags.add(new Setting("--served-model-name", fleet.name(), NAME));
    address(flags);
    flags.add(
        setting("--tensor-parallel-size", fleet.deployment().acceleratorsPerReplica(), TENSOR));
    flags.add(setting("--context-length", plan(fleet).maxContextTokens(), CONTEXT));
    flags.add(setting("--max-running-requests", plan(fleet).maxSequences(), SEQUENCES));
    flags.add(setting("--chunked-prefill-size", limits.maxBatchedTokens(), STEP));
    flags.add(setting("--max-prefill-tokens", limits.maxBatchedTokens(), STEP));
    flags.add(new Setting("--mem-fraction-static", memoryShare(fleet), MEMORY));
    flags.add(new Setting("--kv-cache-dtype", "auto", KV));
    flags.add(
        setting(
            "--page-size",
            fleet.deployment().engine().scheduling().blockTokens(),
            "tokens of a cache page in the replay"));
    flags.add(new Setting("--enable-metrics", ON, "for the alerts"));
    if (!fleet.findsPrefixes()) {
      flags.add(new Setting("--disable-radix-cache", ON, NO_PREFIXES));
    }
    if (fleet.deployment().model().embedding()) {
      flags.add(new Setting("--is-embedding", ON, "the model makes embeddings"));
    }
    return new EngineCommand(
        SGLANG,
        List.of("python3", "-m", "sglang.launch_server"),
        flags,
        List.of(),
        "lmsysorg/sglang:latest",
        "/health",
        "hosted_vllm/" + fleet.name(),
        List.of(cache(fleet) + " SGLang prints max_total_num_tokens when it starts."));
  }

  private static EngineCommand llamaCpp(FleetSetup fleet) {
    Engine.Limits limits = limits(fleet);
    Scheduling.KvBuffer buffer = fleet.deployment().engine().scheduling().kvBuffer();
    int accelerators = fleet.deployment().acceleratorsPerReplica();
    List<Setting> flags = new ArrayList<>();
    flags.add(new Setting("--model", EngineCommand.MODEL, "the GGUF file"));
    flags.add(new Setting("--alias", fleet.name(), NAME));
    address(flags);
    flags.add(
        setting(
            "--ctx-size",
            plan(fleet).kvTokens(),
            "tokens of all slots together: %d of %d"
                .formatted(plan(fleet).maxSequences(), plan(fleet).maxContextTokens())));
    flags.add(setting("--parallel", plan(fleet).maxSequences(), "slots in the replay"));
    flags.add(
        buffer == Scheduling.KvBuffer.STREAMS
            ? new Setting("--no-kv-unified", ON, "a buffer a slot, as replayed")
            : new Setting("--kv-unified", ON, "one buffer for all slots, as replayed"));
    flags.add(setting("--batch-size", limits.maxBatchedTokens(), STEP));
    flags.add(
        setting("--ubatch-size", limits.physicalBatchTokens(), "tokens of a pass in the replay"));
    flags.add(new Setting("--cache-type-k", "f16", KV));
    flags.add(new Setting("--cache-type-v", "f16", KV));
    if (fleet.accelerator().computesOnCores()) {
      flags.add(new Setting("--device", "none", "the replay computes on the processor's cores"));
    } else {
      flags.add(
          new Setting("--n-gpu-layers", "all", "the replay has all layers on the accelerator"));
    }
    if (accelerators > 1) {
      flags.add(new Setting("--split-mode", "layer", "%d accelerators".formatted(accelerators)));
    }
    flags.add(
        fleet.findsPrefixes()
            ? new Setting("--cache-prompt", ON, PREFIXES)
            : new Setting("--no-cache-prompt", ON, NO_PREFIXES));
    flags.add(new Setting("--metrics", ON, "for the alerts"));
    if (fleet.deployment().model().embedding()) {
      flags.add(new Setting("--embeddings", ON, "the model makes embeddings"));
    }
    return new EngineCommand(
        LLAMA_CPP,
        List.of("llama-server"),
        flags,
        List.of(),
        llamaImage(fleet),
        "/health",
        "hosted_vllm/" + fleet.name(),
        List.of(cache(fleet)));
  }

  private static String llamaImage(FleetSetup fleet) {
    String kind =
        switch (fleet.deviceVariable()) {
          case "CUDA_VISIBLE_DEVICES" -> "server-cuda";
          case "HIP_VISIBLE_DEVICES" -> "server-rocm";
          default -> "server";
        };
    return "ghcr.io/ggml-org/llama.cpp:" + kind;
  }

  private static EngineCommand ollama(FleetSetup fleet) {
    Scheduling scheduling = fleet.deployment().engine().scheduling();
    List<Setting> environment = new ArrayList<>();
    environment.add(new Setting("OLLAMA_HOST", EngineCommand.HOST_AND_PORT, "where it listens"));
    environment.add(
        setting("OLLAMA_NUM_PARALLEL", plan(fleet).maxSequences(), "slots in the replay"));
    environment.add(
        setting("OLLAMA_CONTEXT_LENGTH", plan(fleet).maxContextTokens(), "tokens of a slot"));
    scheduling
        .maxQueue()
        .ifPresent(
            most ->
                environment.add(
                    setting("OLLAMA_MAX_QUEUE", most, "calls that wait in the replay")));
    scheduling
        .keepAlive()
        .ifPresent(
            kept ->
                environment.add(
                    new Setting(
                        "OLLAMA_KEEP_ALIVE",
                        Math.round(kept.idleSeconds().value()) + "s",
                        "idle time after which the replay unloads the model")));
    environment.add(setting("OLLAMA_MAX_LOADED_MODELS", 1, "one model, as replayed"));
    environment.add(new Setting("OLLAMA_KV_CACHE_TYPE", "f16", KV));
    return new EngineCommand(
        OLLAMA,
        List.of("ollama", "serve"),
        List.of(),
        environment,
        "ollama/ollama",
        "",
        "ollama_chat/" + fleet.name(),
        List.of(
            cache(fleet),
            "Once, while it serves: ollama pull \"$MODEL\" && ollama cp \"$MODEL\" "
                + fleet.name()
                + " (the router asks for that name)."));
  }

  private static EngineCommand mlx(FleetSetup fleet) {
    List<Setting> flags = new ArrayList<>();
    flags.add(new Setting("--model", EngineCommand.MODEL, "the checkpoint"));
    address(flags);
    flags.add(setting("--decode-concurrency", plan(fleet).maxSequences(), SEQUENCES));
    int prompts = fleet.deployment().engine().scheduling().promptSteps().most();
    flags.add(
        setting(
            "--prompt-concurrency",
            Math.min(prompts, plan(fleet).maxSequences()),
            "prompts of a step in the replay"));
    flags.add(setting("--prefill-step-size", limits(fleet).maxBatchedTokens(), STEP));
    return new EngineCommand(
        MLX,
        List.of("mlx_lm.server"),
        flags,
        List.of(),
        "",
        "",
        "hosted_vllm/default_model",
        List.of(
            cache(fleet)
                + " The server has no flag for it: it takes memory as calls need it, up to what macOS"
                + " lets a process wire."));
  }

  private static EngineCommand tensorRtLlm(FleetSetup fleet) {
    Engine.Limits limits = limits(fleet);
    List<Setting> flags = new ArrayList<>();
    flags.add(new Setting("--host", EngineCommand.HOST, "where it listens"));
    flags.add(new Setting("--port", EngineCommand.PORT, "one an instance"));
    flags.add(setting("--tp_size", fleet.deployment().acceleratorsPerReplica(), TENSOR));
    flags.add(setting("--max_seq_len", plan(fleet).maxContextTokens(), CONTEXT));
    flags.add(setting("--max_batch_size", plan(fleet).maxSequences(), SEQUENCES));
    flags.add(setting("--max_num_tokens", limits.maxBatchedTokens(), STEP));
    flags.add(
        new Setting(
            "--kv_cache_free_gpu_memory_fraction",
            memoryShare(fleet),
            "share of the memory beside the weights, as replayed"));
    return new EngineCommand(
        TENSORRT_LLM,
        List.of("trtllm-serve", EngineCommand.MODEL),
        flags,
        List.of(),
        "",
        "/health",
        "hosted_vllm/" + fleet.name(),
        List.of(
            cache(fleet),
            "It serves under the last part of the checkpoint's path: call that directory "
                + fleet.name()
                + ", or change the name in litellm.yaml."
                + (fleet.findsPrefixes()
                    ? ""
                    : " The replay computed every prompt; its reuse of cache blocks is on by default,"
                        + " which only makes it faster.")));
  }

  private static void address(List<Setting> flags) {
    flags.add(new Setting("--host", EngineCommand.HOST, "where it listens"));
    flags.add(new Setting("--port", EngineCommand.PORT, "one an instance"));
  }

  private static String cache(FleetSetup fleet) {
    return "In the replay a replica had %,d bytes of weights and %,d tokens of KV cache."
        .formatted(plan(fleet).weightBytes(), plan(fleet).kvTokens());
  }

  private static KvCachePlan plan(FleetSetup fleet) {
    return fleet.deployment().kvCache();
  }

  private static Engine.Limits limits(FleetSetup fleet) {
    return fleet.deployment().engine().stepLimits().on(fleet.accelerator());
  }

  // What the engine takes of what a box lets it plan with; two digits are more than it is known to.
  private static String memoryShare(FleetSetup fleet) {
    double share =
        fleet.deployment().engine().memory().share().value()
            * fleet.deployment().hardware().usableMemoryShare().value();
    return new BigDecimal(share).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private static Setting setting(String name, long value, String from) {
    return new Setting(name, Long.toString(value), from);
  }
}
