package dev.homeward.calibration;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.measured.ServingPoint;
import dev.homeward.serving.ServingObservation;

/**
 * A measured serving point with what the catalog knows about it.
 *
 * @param observation what the model is asked to predict
 * @param exclusion why the point does not count, {@code ""} if it does
 */
public record ServingCase(
    ServingPoint point,
    Engine engine,
    LocalModel model,
    Accelerator accelerator,
    ServingObservation observation,
    String exclusion) {

  boolean counts() {
    return exclusion.isEmpty();
  }

  ServingCase excluded(String reason) {
    return new ServingCase(point, engine, model, accelerator, observation, reason);
  }

  /** Whether the model is a mixture of experts. */
  boolean mixture() {
    return model.isMixture();
  }

  /** Engine, model, chip, format and placement: what a row's lengths and callers vary over. */
  String setup() {
    return String.join(
        "/",
        engine.id(),
        model.id(),
        accelerator.id(),
        observation.placement().quantization().id(),
        Integer.toString(observation.placement().accelerators()),
        observation.placement().split().name());
  }
}
