package dev.homeward.nextsteps;

import dev.homeward.nextsteps.EngineCommand.Setting;
import dev.homeward.nextsteps.Yaml.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fleet on Kubernetes: a stateful set, so that every replica has an address of its own and the
 * router can count the calls of each.
 */
final class KubernetesManifest {
  private static final int PORT = 8000;
  private static final long GIB = 1L << 30;
  private static final int PROBE_SECONDS = 10;
  private static final String CACHE = "/models";

  private KubernetesManifest() {}

  /** The documents of a fleet: checkpoint, address, instances. */
  static String of(FleetSetup fleet, EngineCommand command, List<String> head) {
    List<String> said = new ArrayList<>(head);
    said.add(command.documented().sentence());
    said.addAll(command.notes());
    said.add(
        "Set MODEL in the first document, and replace the image's tag by the version that you tested:"
            + " the replay is of %s %s."
                .formatted(
                    fleet.deployment().engine().name(), fleet.deployment().engine().version()));
    return Comments.of(said)
        + Yaml.of(checkpoint(fleet))
        + "---\n"
        + Yaml.of(service(fleet))
        + "---\n"
        + Yaml.of(instances(fleet, command));
  }

  /** Address of a replica inside the cluster. */
  static String address(FleetSetup fleet, int replica) {
    return "http://%s-%d.%s:%d".formatted(fleet.name(), replica, fleet.name(), PORT);
  }

  private static Map<String, Object> document(String version, String kind, FleetSetup fleet) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", version);
    document.put("kind", kind);
    document.put("metadata", map("name", fleet.name(), "labels", map("app", fleet.name())));
    return document;
  }

  private static Map<String, Object> checkpoint(FleetSetup fleet) {
    Map<String, Object> document = document("v1", "ConfigMap", fleet);
    document.put("data", map("MODEL", new Said("", "path or repository of " + fleet.checkpoint())));
    return document;
  }

  private static Map<String, Object> service(FleetSetup fleet) {
    Map<String, Object> document = document("v1", "Service", fleet);
    document.put(
        "spec",
        map(
            "clusterIP",
            new Said("None", "an address a replica: " + address(fleet, 0)),
            "selector",
            map("app", fleet.name()),
            "ports",
            List.of(map("name", "http", "port", PORT, "targetPort", PORT))));
    return document;
  }

  private static Map<String, Object> instances(FleetSetup fleet, EngineCommand command) {
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("containers", List.of(container(fleet, command)));
    pod.put(
        "volumes",
        List.of(map("name", "shm", "emptyDir", map("medium", "Memory", "sizeLimit", "8Gi"))));
    long gib = 1 + fleet.deployment().kvCache().weightBytes() * 5 / 4 / GIB;
    Map<String, Object> document = document("apps/v1", "StatefulSet", fleet);
    document.put(
        "spec",
        map(
            "serviceName",
            fleet.name(),
            "replicas",
            new Said(fleet.options().replicas(), "as replayed"),
            "podManagementPolicy",
            "Parallel",
            "selector",
            map("matchLabels", map("app", fleet.name())),
            "template",
            map("metadata", map("labels", map("app", fleet.name())), "spec", pod),
            "volumeClaimTemplates",
            List.of(
                map(
                    "metadata",
                    map("name", "models"),
                    "spec",
                    map(
                        "accessModes",
                        List.of("ReadWriteOnce"),
                        "resources",
                        map(
                            "requests",
                            map(
                                "storage",
                                new Said(gib + "Gi", "the weights and a quarter more"))))))));
    return document;
  }

  private static Map<String, Object> container(FleetSetup fleet, EngineCommand command) {
    List<Object> words = new ArrayList<>();
    command.program().forEach(w -> words.add(word(w)));
    List<Object> arguments = new ArrayList<>();
    for (Setting flag : command.flags()) {
      if (flag.value().isEmpty()) {
        arguments.add(new Said(flag.name(), flag.from()));
      } else {
        arguments.add(flag.name());
        arguments.add(new Said(word(flag.value()), flag.from()));
      }
    }
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "engine");
    container.put("image", command.image());
    container.put("command", words);
    if (!arguments.isEmpty()) {
      container.put("args", arguments);
    }
    container.put("env", environment(fleet, command));
    container.put("ports", List.of(map("name", "http", "containerPort", PORT)));
    resource(fleet)
        .ifPresent(
            name ->
                container.put(
                    "resources",
                    map(
                        "limits",
                        map(
                            name,
                            new Said(
                                fleet.deployment().acceleratorsPerReplica(),
                                "accelerators of a replica")))));
    if (!command.health().isEmpty()) {
      Map<String, Object> probe = map("httpGet", map("path", command.health(), "port", PORT));
      long seconds = Units.LEAST_START_SECONDS + (long) fleet.deployment().loadSeconds();
      Map<String, Object> startup = new LinkedHashMap<>(probe);
      startup.put("periodSeconds", PROBE_SECONDS);
      startup.put(
          "failureThreshold",
          new Said(
              1 + seconds / PROBE_SECONDS,
              "loading takes %.0f s in the replay's catalog, downloads more"
                  .formatted(fleet.deployment().loadSeconds())));
      container.put("startupProbe", startup);
      container.put("readinessProbe", probe);
    }
    container.put(
        "volumeMounts",
        List.of(
            map("name", "models", "mountPath", CACHE),
            map("name", "shm", "mountPath", "/dev/shm")));
    return container;
  }

  private static List<Object> environment(FleetSetup fleet, EngineCommand command) {
    List<Object> environment = new ArrayList<>();
    environment.add(
        map(
            "name",
            "MODEL",
            "valueFrom",
            map("configMapKeyRef", map("name", fleet.name(), "key", "MODEL"))));
    environment.add(map("name", "HF_HOME", "value", new Said(CACHE, "downloads stay there")));
    if (command.documented().equals(EngineCommands.OLLAMA)) {
      environment.add(map("name", "OLLAMA_MODELS", "value", CACHE));
    }
    for (Setting variable : command.environment()) {
      environment.add(
          map("name", variable.name(), "value", new Said(word(variable.value()), variable.from())));
    }
    return environment;
  }

  private static Optional<String> resource(FleetSetup fleet) {
    return switch (fleet.deviceVariable()) {
      case "CUDA_VISIBLE_DEVICES" -> Optional.of("nvidia.com/gpu");
      case "HIP_VISIBLE_DEVICES" -> Optional.of("amd.com/gpu");
      default ->
          fleet.accelerator().vendor().equals("NVIDIA")
              ? Optional.of("nvidia.com/gpu")
              : Optional.empty();
    };
  }

  private static String word(String word) {
    return switch (word) {
      case EngineCommand.MODEL -> "$(MODEL)";
      case EngineCommand.HOST -> "0.0.0.0";
      case EngineCommand.PORT -> Integer.toString(PORT);
      case EngineCommand.HOST_AND_PORT -> "0.0.0.0:" + PORT;
      // A dollar and a parenthesis would be taken for a variable.
      default -> word.replace("$(", "$$(");
    };
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
