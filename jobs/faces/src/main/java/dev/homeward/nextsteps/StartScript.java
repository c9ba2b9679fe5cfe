package dev.homeward.nextsteps;

import dev.homeward.nextsteps.EngineCommand.Setting;
import dev.homeward.nextsteps.FleetSetup.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The shell script that starts one model instance of a fleet. */
final class StartScript {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private StartScript() {}

  /** The script of a fleet; its first argument is the number of the replica. */
  static String of(FleetSetup fleet, EngineCommand command, List<String> head) {
    StringBuilder script = new StringBuilder("#!/usr/bin/env bash\n");
    List<String> said = new ArrayList<>(head);
    said.add(command.documented().sentence());
    said.addAll(command.notes());
    said.add(
        "Usage: MODEL=CHECKPOINT %s/start.sh REPLICA (0 to %d)"
            .formatted(fleet.name(), fleet.instances().size() - 1));
    script.append(Comments.of(said));
    script.append("set -euo pipefail\n\n");
    script
        .append(": \"${MODEL:?set MODEL to the path or repository of ")
        .append(plain(fleet.checkpoint()))
        .append("}\"\n");
    script.append("# Where it listens: only this machine unless you say so.\n");
    script.append("HOST=\"${HOST:-127.0.0.1}\"\n\n");
    instances(fleet, script);
    for (Setting variable : command.environment()) {
      script
          .append("export ")
          .append(variable.name())
          .append('=')
          .append(word(variable.value()))
          .append("  # ")
          .append(Comments.line(variable.from()))
          .append('\n');
    }
    if (!command.flags().isEmpty()) {
      script.append("\nargs=(\n");
      command.flags().forEach(flag -> script.append(line(flag)));
      script.append(")\n");
    }
    script.append("\nexec");
    command.program().forEach(w -> script.append(' ').append(word(w)));
    script.append(command.flags().isEmpty() ? "\n" : " \"${args[@]}\"\n");
    return script.toString();
  }

  private static void instances(FleetSetup fleet, StringBuilder script) {
    int width = fleet.deployment().acceleratorsPerReplica();
    script.append("case \"${1:-0}\" in\n");
    for (Instance i : fleet.instances()) {
      script.append(
          "  %d) devices=%s port=%d ;;  # %s\n"
              .formatted(i.replica(), quoted(i.devices(width)), i.port(), fleet.host(i)));
    }
    script.append(
        "  *) echo \"%s has replicas 0 to %d, not ${1}\" >&2; exit 2 ;;\n"
            .formatted(fleet.name(), fleet.instances().size() - 1));
    script.append("esac\n");
    if (!fleet.deviceVariable().isEmpty()) {
      script.append("export ").append(fleet.deviceVariable()).append("=\"$devices\"\n");
    }
  }

  private static String line(Setting flag) {
    String words = flag.value().isEmpty() ? flag.name() : flag.name() + " " + word(flag.value());
    return "  %-44s # %s\n".formatted(words, Comments.line(flag.from()));
  }

  /** A word for a shell, with what only the machine knows as variables. */
  private static String word(String word) {
    return switch (word) {
      case EngineCommand.MODEL -> "\"$MODEL\"";
      case EngineCommand.HOST -> "\"$HOST\"";
      case EngineCommand.PORT -> "\"$port\"";
      case EngineCommand.HOST_AND_PORT -> "\"$HOST:$port\"";
      default -> quoted(word);
    };
  }

  /** Quoted where a shell would read anything into it. */
  static String quoted(String word) {
    return BARE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  // Inside "${...}": a catalog of one's own may name a model in any way.
  private static String plain(String text) {
    return Comments.name(text).replaceAll("[^A-Za-z0-9 .,()_-]", "-");
  }
}
