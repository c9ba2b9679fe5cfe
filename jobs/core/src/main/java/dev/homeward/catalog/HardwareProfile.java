package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.homeward.config.Default;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A complete box: host, accelerators, and the way to have it. One catalog entry is one box in one
 * mode, so that {@code a10g-on-demand} and {@code a10g-spot-nights} are two rows of a what-if.
 *
 * @param acceleratorCount accelerators in the box
 * @param usableMemoryShare share of the accelerator memory that an engine may plan with, in (0, 1]
 *     (about 0.75 on unified-memory machines; 1 on cards; less on a shared developer machine)
 * @param idleWatts the whole box switched on with a model loaded and no calls
 * @param busyWatts the whole box while serving
 * @param loadGbPerSecond weights from disk to accelerator memory, 1e9 bytes a second
 * @param setupHours hours of people to put the box up, on top of a fleet's; empty: as assumed
 * @param upkeepHoursPerMonth hours of people to keep it, likewise
 * @param incidentHoursPerMonth hours of people over its faults, likewise
 * @param defaultCandidate whether a review tries it unasked
 * @param source of the figures that do not name another
 */
public record HardwareProfile(
    String id,
    String name,
    @JsonDeserialize(using = HardwareProfile.ById.class)
        @JsonSerialize(using = HardwareProfile.AsId.class)
        Accelerator accelerator,
    @JsonProperty("count") int acceleratorCount,
    @Default("1.0") Figure usableMemoryShare,
    Figure idleWatts,
    Figure busyWatts,
    @JsonProperty("load-gb-per-s") Figure loadGbPerSecond,
    Acquisition acquisition,
    Optional<Figure> setupHours,
    Optional<Figure> upkeepHoursPerMonth,
    Optional<Figure> incidentHoursPerMonth,
    @JsonProperty("default") @Default("false") boolean defaultCandidate,
    Source source,
    Optional<String> note) {

  /** What a binding has to know to find a box's accelerator: a function from ids. */
  static final String ACCELERATORS = "accelerators";

  /** A file names the accelerator by its id. */
  static final class ById extends JsonDeserializer<Accelerator> {
    @Override
    @SuppressWarnings("unchecked")
    public Accelerator deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return ((Function<String, Accelerator>) context.getAttribute(ACCELERATORS))
          .apply(parser.getText());
    }
  }

  /** Likewise. */
  static final class AsId extends JsonSerializer<Accelerator> {
    @Override
    public void serialize(Accelerator value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeString(value.id());
    }
  }
}
