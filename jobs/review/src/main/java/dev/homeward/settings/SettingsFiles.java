package dev.homeward.settings;

import dev.homeward.units.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds and reads the files of settings: the one given, else the one in the folder of settings of
 * the first log. Problems of all of them are collected before any is reported.
 */
public final class SettingsFiles {
  private final Optional<Path> folder;
  private final Map<String, List<String>> used = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param folder the folder of settings of the log; empty if no log can have one
   */
  public SettingsFiles(Optional<Path> folder) {
    this.folder = folder;
  }

  /** What a file holds, or what holds without one; null if it has problems. */
  public <T> T read(
      Optional<String> given, String name, Function<Path, T> load, Supplier<T> otherwise) {
    Optional<Path> file = given.map(Path::of).or(() -> beside(name));
    used.put(name, file.stream().map(Path::toString).toList());
    return tryTo(() -> file.isPresent() ? load.apply(file.get()) : otherwise.get());
  }

  /** What the file beside the log and then the given ones hold together; null on problems. */
  public <T> T readAll(List<String> given, String name, Function<List<Path>, T> load) {
    List<Path> paths = new ArrayList<>();
    beside(name).ifPresent(paths::add);
    given.forEach(path -> paths.add(Path.of(path)));
    used.put(name, paths.stream().map(Path::toString).toList());
    return tryTo(() -> load.apply(paths));
  }

  /**
   * What the given files and then the one beside the log hold; null on problems. Nothing is said to
   * be at its default where there is none.
   */
  public <T> T readFirst(List<String> given, String name, Function<List<Path>, T> load) {
    List<Path> paths = new ArrayList<>();
    given.forEach(path -> paths.add(Path.of(path)));
    beside(name).ifPresent(paths::add);
    if (!paths.isEmpty()) {
      used.put(name, paths.stream().map(Path::toString).toList());
    }
    return tryTo(() -> load.apply(paths));
  }

  /** What a step gives; null if it finds the input invalid. */
  public <T> T tryTo(Supplier<T> step) {
    try {
      return step.get();
    } catch (InvalidInput e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  /**
   * Goes on only without problems.
   *
   * @throws InvalidInput with all of them
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }

  /** What was read, by the name that a file of settings has; nothing where defaults hold. */
  public Map<String, List<String>> used() {
    return new LinkedHashMap<>(used);
  }

  public boolean isFine() {
    return problems.isEmpty();
  }

  private Optional<Path> beside(String name) {
    return folder.map(f -> f.resolve(name)).filter(Files::isRegularFile);
  }
}
