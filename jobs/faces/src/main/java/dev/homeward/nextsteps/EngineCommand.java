package dev.homeward.nextsteps;

import java.util.List;

/**
 * How an engine is started with the limits of a replay.
 *
 * @param documented where its flags are described
 * @param program words before the flags; {@link #MODEL}, {@link #HOST} and {@link #PORT} stand for
 *     what only the machine knows
 * @param flags in order
 * @param environment likewise as variables
 * @param image the project's own container image; empty where there is none
 * @param health path that answers once it serves; empty where none is documented
 * @param route the model's name for the router, with the router's provider in front
 * @param notes what else has to be done or known
 */
record EngineCommand(
    Documented documented,
    List<String> program,
    List<Setting> flags,
    List<Setting> environment,
    String image,
    String health,
    String route,
    List<String> notes) {

  /** Stands for the checkpoint, which is known where the engine runs. */
  static final String MODEL = "\0MODEL";

  /** Stands for the address to listen on. */
  static final String HOST = "\0HOST";

  /** Stands for the port. */
  static final String PORT = "\0PORT";

  /** Stands for address and port together. */
  static final String HOST_AND_PORT = "\0HOST_AND_PORT";

  /**
   * A flag or a variable.
   *
   * @param value empty for a switch
   * @param from where the value comes from, in words
   */
  record Setting(String name, String value, String from) {}

  /**
   * Documentation of a project.
   *
   * @param version that it describes
   * @param date on which it was read, or its own
   */
  record Documented(String project, String version, String link, String date) {
    /** One line for the head of a file. */
    String sentence() {
      return "Flags as documented for %s %s (%s, %s).".formatted(project, version, link, date);
    }
  }

  EngineCommand {
    program = List.copyOf(program);
    flags = List.copyOf(flags);
    environment = List.copyOf(environment);
    notes = List.copyOf(notes);
  }
}
