package dev.homeward.nextsteps;

import dev.homeward.calls.ApiUse;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.decision.PlannedFleet;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Fleets of the catalog's models, engines and boxes, whatever a plan would choose. */
final class SetUps {
  static final WorkloadKey KEY = new WorkloadKey("chat", "gpt-4o", "internal");

  private SetUps() {}

  static Deployment deployment(
      String box, String model, String quantization, String engine, int context) {
    Catalog catalog = Catalog.standard();
    Fit fit =
        Deployments.fit(
            catalog.hardware(box),
            catalog.model(model),
            catalog.quantization(quantization),
            catalog.engine(engine),
            context);
    if (fit instanceof Fit.Fits fits) {
      return fits.deployment();
    }
    throw new AssertionError(fit);
  }

  static PlannedFleet fleet(
      Deployment deployment, int replicas, int cap, ReplayOptions.PrefixCache prefixes) {
    OptionalLong none = OptionalLong.empty();
    return new PlannedFleet(
        deployment,
        new Sizing.ReplayedFleet(
            ReplayOptions.always(
                replicas, cap, prefixes, new ServiceLevel(2_000_000, 100_000, 9, 9)),
            new ReplayResult(
                1000,
                990,
                10,
                0,
                ApiUse.NONE,
                0,
                0,
                Optional.empty(),
                0,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                none,
                1,
                true,
                0.5,
                0,
                0,
                0,
                0,
                new float[0],
                ReplayResult.Hours.NONE,
                7,
                3,
                0.5,
                0,
                0,
                0,
                false,
                false,
                false,
                1)),
        List.of(KEY));
  }

  static FleetSetup setup(PlannedFleet fleet) {
    return FleetSetup.of(List.of(fleet)).get(0);
  }
}
