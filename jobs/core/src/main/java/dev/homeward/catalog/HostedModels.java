package dev.homeward.catalog;

import dev.homeward.units.NearestNames;
import dev.homeward.units.VisibleText;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Hosted models by the names that logs use. A name is compared in lower case, then without routes
 * ({@code bedrock/eu-west-1/}, {@code us.anthropic.}), then without versions and dates ({@code
 * -v1:0}, {@code @20241022}, {@code -2024-08-06}, {@code -latest}).
 */
public final class HostedModels {
  private static final Pattern VENDOR_PREFIX =
      Pattern.compile(
          "^(?:(?:us|eu|apac|global|jp|au)\\.)?(?:anthropic|amazon|meta|mistral|cohere|deepseek|qwen)\\.");
  private static final Pattern VERSION = Pattern.compile("(?:-v\\d+(?::\\d+)?|:[a-z]+)$");
  private static final Pattern DATE =
      Pattern.compile("[-@](?:20\\d{6}|20\\d{2}-\\d{2}-\\d{2}|latest|\\d{4})$");

  private final Map<String, HostedModel> byId = new TreeMap<>();
  private final Map<String, HostedModel> byName = new HashMap<>();

  HostedModels(List<HostedModel> models) {
    for (HostedModel model : models) {
      byId.put(model.id(), model);
      byName.put(model.id(), model);
    }
    for (HostedModel model : models) {
      for (String alias : model.aliases()) {
        byName.putIfAbsent(alias.toLowerCase(Locale.ROOT), model);
      }
    }
  }

  /** All models, by id. */
  public List<HostedModel> all() {
    return List.copyOf(byId.values());
  }

  /** The model with this canonical id. */
  public Optional<HostedModel> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The model that a log calls by this name. */
  public Optional<HostedModel> resolve(String name) {
    if (name == null || name.isEmpty()) {
      return Optional.empty();
    }
    String n = name.toLowerCase(Locale.ROOT);
    n = n.substring(n.lastIndexOf('/') + 1);
    HostedModel found = byName.get(n);
    if (found == null) {
      n = VENDOR_PREFIX.matcher(n).replaceFirst("");
      n = VERSION.matcher(n).replaceFirst("");
      found = byName.get(n);
    }
    if (found == null) {
      found = byName.get(DATE.matcher(n).replaceFirst(""));
    }
    return Optional.ofNullable(found);
  }

  /**
   * The id under which a call is kept: of the model that answered, else of the one asked for, else
   * the name as logged, made visible.
   */
  public String idOf(String requestModel, String responseModel) {
    return resolve(responseModel)
        .or(() -> resolve(requestModel))
        .map(HostedModel::id)
        .orElseGet(
            () ->
                visible(
                    responseModel != null && !responseModel.isEmpty()
                        ? responseModel
                        : requestModel));
  }

  private static String visible(String logged) {
    String name = VisibleText.shortNameOf(logged, VisibleText.LONGEST_MODEL);
    // Nothing but white space: a name must show, and a key's part must not be empty.
    return name.isEmpty() && !logged.isEmpty() ? "\\u%04x".formatted((int) logged.charAt(0)) : name;
  }

  /** The known ids nearest to a name. */
  public List<String> nearest(String name) {
    String n = name.toLowerCase(Locale.ROOT);
    return NearestNames.of(n.substring(n.lastIndexOf('/') + 1), byId.keySet(), 3);
  }
}
