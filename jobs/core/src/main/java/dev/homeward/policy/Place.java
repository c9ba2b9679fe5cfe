package dev.homeward.policy;

/** Where calls of a data class may be answered. */
public enum Place {
  /** At any API. */
  API_ALLOWED,
  /** At the APIs of providers with an agreement. */
  API_WITH_AGREEMENT,
  /** On local hardware only. */
  LOCAL_ONLY
}
