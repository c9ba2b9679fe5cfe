package dev.homeward.progress;

/** The stages of a command that takes a while, in their order; what its time is told by. */
public enum Stage {
  SETTINGS("settings and files"),
  WORKERS("starting workers"),
  READ("reading logs"),
  PRICED("profiles and prices"),
  DECIDED("replays and decision"),
  WRITTEN("writing"),
  SITUATIONS("other situations"),
  QUESTIONS("likely questions");

  private final String words;

  Stage(String words) {
    this.words = words;
  }

  /** As people are told. */
  public String words() {
    return words;
  }
}
