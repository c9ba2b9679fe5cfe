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
 * Hosted models by the names that logs use. A name is compared in lower case as it stands, then
 * without routes ({@code bedrock/eu-west-1/}), marks ({@code [1m]}, {@code :free}), makers ({@code
 * us.anthropic.}), versions and dates ({@code -v1:0}, {@code -001}, {@code @20241022}, {@code
 * -2024-08-06}, {@code -latest}), in whatever order they stand. A fine-tune ({@code
 * ft:BASE:organisation:suffix:id}) is the fine-tune of its base, which has prices of its own.
 *
 * <p>Cursor, new-api and other proxies write how much a model was asked to think behind its name
 * ({@code gpt-5-high}, {@code claude-4.5-sonnet-thinking}): the same model at the same prices.
 * {@code -max} and {@code -fast} are models or tiers of their own and are never cut off.
 */
public final class HostedModels {
  private static final Pattern VENDOR_PREFIX =
      Pattern.compile(
          "^(?:(?:us-gov|us|eu|apac|global|jp|au|ca|sa|me|af|il|uk|in)\\.)?(?:anthropic|amazon|meta"
              + "|mistral|cohere|deepseek|qwen|openai|google|moonshotai|moonshot|minimax|nvidia|ai21"
              + "|writer|zai|xai)\\.(?=[a-z])");

  private static final Pattern AREA_PREFIX =
      Pattern.compile(
          "^(?:us-gov|us|eu|apac|global|jp|au|ca|sa|me|af|il|uk|in)\\.(?=[a-z0-9]+\\.)");

  /** What may be cut off the end of a name, in turn. */
  private static final List<Pattern> ENDINGS =
      List.of(
          Pattern.compile("\\[[^\\]]*]$"),
          Pattern.compile(
              "(?:-v\\d+(?::\\d+)?|:(?!exacto|nitro|floor)\\d*[a-z][a-z0-9.-]*|:\\d+)$"),
          Pattern.compile("-(?:maas|fp8)$"),
          Pattern.compile("(?:@(?:default|latest|20\\d{6}|\\d{3})|-00\\d)$"),
          // Previews at prices of their own are no such versions.
          Pattern.compile("(?<!gemini-2\\.5-flash)-(?:preview|exp)-\\d{2}-(?:20)?\\d{2}$"),
          Pattern.compile("-(?:20\\d{6}|20\\d{2}-\\d{2}-\\d{2}|latest|\\d{4})$"),
          // Of makers whose models are asked so; elsewhere they are models (kimi-k2-thinking).
          Pattern.compile(
              "(?<=^(?:gpt-[5-9]|codex-|o[1-9]|claude-|gemini-|grok-3-mini)[a-z0-9.@-]{0,60})"
                  + "-(?:none|minimal|low|medium|high|xhigh)$"),
          Pattern.compile(
              "(?<=^(?:claude-|gemini-)[a-z0-9.@-]{0,60})-(?:no)?thinking(?:-\\d{1,6})?$"));

  private static final String FINE_TUNE = "ft:";
  private static final int MOST_CUTS = 8;

  private final Map<String, HostedModel> byId = new TreeMap<>();
  private final Map<String, HostedModel> byName = new HashMap<>();

  private final Hosts hosts = new Hosts(this);

  HostedModels(List<HostedModel> models) {
    for (HostedModel model : models) {
      byId.put(model.id(), model);
    }
    // A later file's word for a name holds, but an id is an id.
    for (HostedModel model : models) {
      for (String alias : model.aliases()) {
        byName.put(alias.toLowerCase(Locale.ROOT), byId.get(model.id()));
      }
    }
    byName.putAll(byId);
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
    if (name == null || name.isEmpty() || name.length() > VisibleText.LONGEST_MODEL) {
      return Optional.empty();
    }
    return Optional.ofNullable(find(name.toLowerCase(Locale.ROOT)));
  }

  private HostedModel find(String name) {
    for (int from = 0; from >= 0; from = name.indexOf('/', from) + 1) {
      HostedModel found = byName.get(name.substring(from));
      if (found != null) {
        return found;
      }
      if (name.indexOf('/', from) < 0) {
        break;
      }
    }
    String n = name.substring(name.lastIndexOf('/') + 1);
    if (n.startsWith(FINE_TUNE)) {
      return ofFineTune(n);
    }
    HostedModel found = withoutEndings(n);
    if (found == null) {
      // Bedrock names some models by their makers: deepseek.r1.
      String ofMaker = AREA_PREFIX.matcher(n).replaceFirst("");
      found = ofMaker.equals(n) ? null : withoutEndings(ofMaker);
    }
    if (found == null) {
      String own = VENDOR_PREFIX.matcher(n).replaceFirst("");
      found = own.equals(n) ? null : withoutEndings(own);
    }
    return found;
  }

  private HostedModel withoutEndings(String name) {
    String n = name;
    for (int cut = 0; cut < MOST_CUTS; cut++) {
      HostedModel found = byName.get(n);
      if (found != null) {
        return found;
      }
      String shorter = n;
      for (int e = 0; e < ENDINGS.size() && shorter.equals(n); e++) {
        shorter = ENDINGS.get(e).matcher(n).replaceFirst("");
      }
      if (shorter.equals(n)) {
        return null;
      }
      n = shorter;
    }
    return null;
  }

  private HostedModel ofFineTune(String name) {
    String base = name.substring(FINE_TUNE.length());
    int end = base.indexOf(':');
    HostedModel of = find(end < 0 ? base : base.substring(0, end));
    return of == null ? null : byName.get(FINE_TUNE + of.id());
  }

  /** Finds where calls were served. */
  public Hosts hosts() {
    return hosts;
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

  /** Before the name of a model that a server of one's own answered with. */
  public static final String LOCAL = "local/";

  /**
   * The id under which a call is kept that a server of one's own answered: {@code local/} and the
   * model's name without routes.
   */
  public String idOfLocal(String requestModel, String responseModel) {
    String logged =
        responseModel != null && !responseModel.isEmpty() ? responseModel : requestModel;
    return LOCAL + visible(logged.substring(logged.lastIndexOf('/') + 1));
  }

  /** Whether an id is one of calls that a server of one's own answered. */
  public static boolean isLocal(String id) {
    return id.startsWith(LOCAL);
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
