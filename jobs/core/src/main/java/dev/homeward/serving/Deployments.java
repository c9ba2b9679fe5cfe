package dev.homeward.serving;

/** Puts catalog entries together and checks that they fit. */
public final class Deployments {
  private Deployments() {}
}
