package dev.homeward.nextsteps;

import java.util.regex.Pattern;

/** Names from logs in Markdown. */
final class Markdown {
  private static final Pattern MEANING = Pattern.compile("[`*_{}\\[\\]()#+!|~]");

  private Markdown() {}

  /** The name as text, whatever it holds. */
  static String text(String name) {
    String visible = Comments.name(name).replace("&", "&amp;").replace("<", "&lt;");
    return MEANING.matcher(visible.replace(">", "&gt;")).replaceAll("\\\\$0");
  }
}
