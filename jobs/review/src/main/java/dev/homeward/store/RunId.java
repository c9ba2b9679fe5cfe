package dev.homeward.store;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process among all that may ever write to a folder: its machine, its number, and when it
 * started, because numbers are given again.
 *
 * @param machine name of the machine, with its own count of processes where it has several
 * @param process its number there
 * @param started a mark that a later process of the same number does not have
 */
record RunId(String machine, long process, String started) {
  private static final Pattern TEXT =
      Pattern.compile("homeward run (\\d{1,18}) started (\\S+) on (\\S+)\\n[\\s\\S]*");
  private static final Path PROCESSES = Path.of("/proc");

  /** Position of the start among the fields of /proc/PID/stat that follow the command's name. */
  private static final int START_TICKS = 19;

  static final RunId OF_THIS =
      new RunId(
          machineName(),
          ProcessHandle.current().pid(),
          started(ProcessHandle.current().pid()).orElse("unknown"));

  String text() {
    return "homeward run %d started %s on %s".formatted(process, started, machine);
  }

  /** For people. */
  String said() {
    return "process %d on %s".formatted(process, machine);
  }

  static Optional<RunId> parse(byte[] bytes) {
    Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.UTF_8));
    return text.matches()
        ? Optional.of(new RunId(text.group(3), Long.parseLong(text.group(1)), text.group(2)))
        : Optional.empty();
  }

  boolean isOfThisMachine() {
    return machine.equals(OF_THIS.machine);
  }

  /** Whether it is a process of this machine that lives. */
  boolean lives() {
    return isOfThisMachine() && started(process).filter(started::equals).isPresent();
  }

  // By the machine's own ticks, which setting the clock does not change; where the system does not
  // tell them, by the clock.
  private static Optional<String> started(long process) {
    try {
      String stat = Files.readString(PROCESSES.resolve(process + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Optional.of(fields[START_TICKS]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return ProcessHandle.of(process)
          .filter(ProcessHandle::isAlive)
          .map(of -> of.info().startInstant().map(Instant::toString).orElse("unknown"));
    }
  }

  // Containers on one machine may share its name, and count their processes each for itself.
  private static String machineName() {
    String name = hostName();
    try {
      name += "/" + Files.readSymbolicLink(PROCESSES.resolve("self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      // Elsewhere than on Linux there is one count.
    }
    return name.replaceAll("\\s", "_");
  }

  private static String hostName() {
    try {
      return Files.readString(PROCESSES.resolve("sys/kernel/hostname")).trim();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException none) {
        return "localhost";
      }
    }
  }
}
