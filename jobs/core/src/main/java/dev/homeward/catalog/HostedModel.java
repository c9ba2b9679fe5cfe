package dev.homeward.catalog;

import dev.homeward.config.Default;
import java.util.List;

/**
 * A model behind an API, as the price book and the tiers know it.
 *
 * @param id canonical id, such as {@code claude-sonnet-4-5}
 * @param provider who made it: {@code anthropic}, {@code openai}, ...
 * @param aliases other names found in logs (dated ids), compared after provider prefixes are
 *     removed
 * @param tier capability tier with its source
 * @param scores published results that the tier rests on
 * @param contextWindow tokens; 0 if not known
 */
public record HostedModel(
    String id,
    String provider,
    List<String> aliases,
    Tier tier,
    Source tierSource,
    List<Score> scores,
    @Default("0") int contextWindow) {}
