package dev.homeward.serving;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What bounds the cost of a fleet must hold for every pass of everything in the catalog. */
final class LeastTokenSecondsTest {
  private static final Catalog CATALOG = Catalog.standard();

  @Test
  void noPassOfAnyDeploymentIsFasterByTheToken() {
    Random random = new Random(1);
    int deployments = 0;
    double loosest = 1;
    for (HardwareProfile box : CATALOG.hardware()) {
      for (LocalModel model : CATALOG.models()) {
        for (Engine engine : CATALOG.engines()) {
          for (Quantization quantization : CATALOG.quantizations()) {
            // A tenth of some ten thousand: each is compared at thousands of passes.
            if (random.nextInt(10) > 0
                || !(Deployments.fit(box, model, quantization, engine, 4096)
                    instanceof Fit.Fits fits)) {
              continue;
            }
            Deployment d = fits.deployment();
            StepTime time = StepTime.of(d);
            double least = Double.POSITIVE_INFINITY;
            for (int n = 1; n <= time.passTokens(); n++) {
              least = Math.min(least, time.tokens(n) / 1e12 / n);
            }
            double box1 = least / d.placement().stages() / d.replicasPerBox();
            double said = d.leastTokenSeconds();
            assertTrue(said <= box1, () -> d.id() + " " + said + " " + box1);
            loosest = Math.min(loosest, said / box1);
            deployments++;
          }
        }
      }
    }
    assertTrue(deployments > 500, deployments + " deployments");
    assertTrue(loosest > 0.9, "loosest " + loosest);
  }
}
