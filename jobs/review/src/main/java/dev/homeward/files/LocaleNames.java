package dev.homeward.files;

/**
 * Names of files in the letters that Java was started with. Java reads the names of files, and the
 * words of its command line, in the character set of the locale; a letter that this set lacks
 * cannot be given back to the system, and the file cannot be opened. The locale must be right when
 * Java starts: no setting repairs it later.
 */
public final class LocaleNames {
  /** Stands where a byte could not be read. */
  private static final char UNREADABLE = '\ufffd';

  private LocaleNames() {}

  /** Whether a name, or a word of the command line, was read without loss. */
  public static boolean areReadable(String name) {
    return name.indexOf(UNREADABLE) < 0 || isUtf8();
  }

  private static boolean isUtf8() {
    return "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }

  /** What is wrong and what to do. */
  public static String advice() {
    return "this Java reads names as %s, which lacks a letter of it. Set LC_ALL=C.UTF-8, or another locale in UTF-8, before it starts"
        .formatted(System.getProperty("sun.jnu.encoding"));
  }
}
