package dev.homeward.policy;

import java.util.Locale;
import java.util.Optional;

/**
 * A server of one's own, told by what a log says of the calls that it answered. What is named must
 * all hold; letter case does not matter.
 *
 * @param provider as the log names it
 * @param apiBase a host ({@code llm.acme.example}, which holds for its every port and path) or the
 *     beginning of an address ({@code http://10.0.0.5:8000/v1})
 * @param model as asked for or as answered, with or without its route; a {@code *} at its end
 *     stands for any end
 */
record OwnServer(Optional<String> provider, Optional<String> apiBase, Optional<String> model) {

  /** Whether it answered a call; each may be null where the record does not say. */
  boolean served(String by, String address, String requestModel, String responseModel) {
    return (provider.isEmpty() || by != null && lower(provider.get()).equals(lower(by)))
        && (apiBase.isEmpty() || address != null && isAt(address))
        && (model.isEmpty() || isModel(requestModel) || isModel(responseModel));
  }

  private boolean isAt(String address) {
    String base = withoutScheme(apiBase.get());
    String given = withoutScheme(address);
    if (!given.startsWith(base)) {
      return false;
    }
    // llm.acme is not the host of llm.acme.example, nor :80 the port of :8000.
    return given.length() == base.length()
        || given.charAt(base.length()) == '/'
        || given.charAt(base.length()) == ':' && base.indexOf(':') < 0 && base.indexOf('/') < 0;
  }

  private static String withoutScheme(String address) {
    String text = lower(address);
    int scheme = text.indexOf("://");
    String rest = scheme < 0 ? text : text.substring(scheme + 3);
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private boolean isModel(String logged) {
    if (logged == null) {
      return false;
    }
    String name = lower(logged);
    return isNamed(name) || isNamed(name.substring(name.lastIndexOf('/') + 1));
  }

  private boolean isNamed(String name) {
    String wanted = lower(model.get());
    return wanted.endsWith("*")
        ? name.startsWith(wanted.substring(0, wanted.length() - 1))
        : name.equals(wanted);
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
