package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.page.ReportFace;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of a review as its manifest lists them under {@code outputs}: path in the review, bytes
 * and SHA-256. The manifest is written last and lists every file but itself and the report, which
 * is made again once more replays are known, so a review can tell whether it is whole. Reviews of
 * older programs have no list; of them nothing is known.
 */
public final class Outputs {
  /** The file without which a directory is not a review. */
  public static final String MANIFEST = "manifest.json";

  private static final String LIST = "outputs";
  private static final String CALLS = "calls/";

  /** Added to a review that is there already. */
  private static final String LIKELY = "replays/likely.jsonl";

  /** Made again with the replays that are added, so not as the manifest would have it. */
  private static final Set<String> MADE_AGAIN = Set.of(ReportFace.JSON, ReportFace.HTML);

  /** A larger file is checked by its size alone, because its hash would keep a person waiting. */
  private static final long MOST_HASHED_AT_ONCE = 64L << 20;

  private static final int MOST_SAID = 4;

  private Outputs() {}

  /**
   * Adds the list of what lies in the folder to its manifest.
   *
   * @param written what was written there: if any of it has gone meanwhile, the list would say that
   *     half a review is a whole one
   */
  public static void list(
      Files files, String folder, ObjectNode manifest, Collection<String> written) {
    TreeMap<String, Files.Entry> all = new TreeMap<>();
    ArrayNode list = manifest.putArray(LIST);
    try {
      collect(files, folder, all);
      List<String> gone =
          written.stream()
              .filter(name -> !all.containsKey(name) && !MADE_AGAIN.contains(name))
              .toList();
      if (!gone.isEmpty()) {
        throw new IOException(
            "%s had been written there and is gone: somebody removed it while the review was made. Run it again"
                .formatted(String.join(", ", gone)));
      }
      for (String name : all.keySet()) {
        try (InputStream in = files.open(files.child(folder, name), Compression.NONE, 0)) {
          list.addObject()
              .put("path", name)
              .put("bytes", all.get(name).bytes())
              .put("sha256", sha256(in));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read back what was written to " + folder, e);
    }
  }

  /** The path in the folder of every file that lies in it. */
  static Set<String> names(Files files, String folder) throws IOException {
    TreeMap<String, Files.Entry> all = new TreeMap<>();
    walk(files, folder, "", all);
    return new TreeSet<>(all.keySet());
  }

  private static void collect(Files files, String folder, TreeMap<String, Files.Entry> into)
      throws IOException {
    walk(files, folder, "", into);
    into.remove(MANIFEST);
    into.keySet().removeAll(MADE_AGAIN);
  }

  private static void walk(
      Files files, String folder, String prefix, TreeMap<String, Files.Entry> into)
      throws IOException {
    for (Files.Entry child : files.list(folder)) {
      String name = prefix + files.name(child.path());
      if (child.isFolder()) {
        walk(files, child.path(), name + "/", into);
      } else {
        into.put(name, child);
      }
    }
  }

  /** How the review differs from its manifest, a line a file; every byte is looked at. */
  public static List<String> problems(Files files, String review) {
    return problems(files, review, Long.MAX_VALUE);
  }

  /** The same by the sizes of files alone. */
  static List<String> sizeProblems(Files files, String review) {
    return problems(files, review, -1);
  }

  private static List<String> problems(Files files, String review, long mostHashed) {
    String path = files.child(review, MANIFEST);
    try {
      JsonNode manifest = parse(files.read(path), path);
      return problems(
          manifest,
          name -> true,
          mostHashed,
          name -> files.open(files.child(review, name), Compression.NONE, 0),
          name -> files.entry(files.child(review, name)).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /**
   * Refuses a review on this machine if files that are needed are missing or have changed. Of
   * calls/ and of large files only the size is looked at.
   *
   * @param needed tells by the path in the review
   *     <p>An older review has no list of its files: they are looked at for what they must hold
   *     ({@link Shapes}). So is what is added to a review once its manifest is there.
   * @throws InvalidInput with a line for each such file, or if the directory is no review
   */
  public static void require(Path review, Predicate<String> needed) {
    Path path = review.resolve(MANIFEST);
    String text;
    try {
      text = java.nio.file.Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new InvalidInput(
          "Cannot read %s: it is not a review directory (there is no %s)"
              .formatted(review, MANIFEST),
          e);
    } catch (java.nio.charset.CharacterCodingException e) {
      throw damaged(path.toString(), "it is not UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
    try {
      JsonNode manifest = parse(text, path.toString());
      List<String> problems =
          manifest.has(LIST)
              ? problems(
                  manifest,
                  needed,
                  MOST_HASHED_AT_ONCE,
                  name -> java.nio.file.Files.newInputStream(review.resolve(name)),
                  name -> java.nio.file.Files.size(review.resolve(name)))
              : new ArrayList<>(Shapes.problems(review, needed));
      if (needed.test(LIKELY)) {
        Shapes.problem(review, LIKELY).ifPresent(problems::add);
      }
      if (!problems.isEmpty()) {
        List<String> said = new ArrayList<>();
        problems.stream()
            .limit(MOST_SAID)
            .forEach(p -> said.add("Cannot use %s: %s".formatted(review, p)));
        if (problems.size() > MOST_SAID) {
          said.add("And %,d files more.".formatted(problems.size() - MOST_SAID));
        }
        said.add("Make the review again (homeward review LOG... --force), or take a copy of it.");
        throw new InvalidInput(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + review, e);
    }
  }

  /** The list in a manifest. */
  static JsonNode list(JsonNode manifest) {
    return manifest.path(LIST);
  }

  /** The tree of a manifest's text. */
  static JsonNode parse(String text, String path) {
    JsonNode manifest = Codec.tree(KeptFile.MANIFEST, text, path);
    if (!manifest.path("review_id").isTextual()) {
      throw damaged(path, "it names no review_id", null);
    }
    return manifest;
  }

  private static InvalidInput damaged(String path, String why, Throwable cause) {
    return new InvalidInput(
        "Cannot read %s: it is damaged (%s). Make the review again, into another directory"
            .formatted(path, why),
        cause);
  }

  private interface Opens {
    InputStream open(String name) throws IOException;
  }

  private interface Sizes {
    long of(String name) throws IOException;
  }

  private static List<String> problems(
      JsonNode manifest, Predicate<String> needed, long mostHashed, Opens opens, Sizes sizes)
      throws IOException {
    List<String> problems = new ArrayList<>();
    for (JsonNode output : manifest.path(LIST)) {
      String name = output.path("path").asText();
      if (!needed.test(name)) {
        continue;
      }
      long bytes = output.path("bytes").asLong();
      try {
        long now = sizes.of(name);
        if (now != bytes) {
          problems.add(
              "%s has changed since the review was written (%,d bytes, not %,d)"
                  .formatted(name, now, bytes));
        } else if (mostHashed == Long.MAX_VALUE || !name.startsWith(CALLS) && bytes <= mostHashed) {
          try (InputStream in = opens.open(name)) {
            if (!sha256(in).equals(output.path("sha256").asText())) {
              problems.add("%s has changed since the review was written".formatted(name));
            }
          }
        }
      } catch (NoSuchFileException | FileNotFoundException e) {
        problems.add("%s is missing".formatted(name));
      }
    }
    return problems;
  }

  private static String sha256(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
