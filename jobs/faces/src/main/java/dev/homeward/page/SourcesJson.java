package dev.homeward.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.Source;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.report.Reviewed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the figures behind the chosen boxes, models, engines and prices come from. */
final class SourcesJson {
  private final Map<String, Map<String, Source>> byThing = new TreeMap<>();

  SourcesJson(Reviewed review) {
    for (RankedWorkload w : review.decision().ranking()) {
      w.chosen().ifPresent(this::alternative);
      w.workload()
          .spend()
          .forecastLines()
          .forEach(
              line ->
                  put(
                      "price " + line.row().hostedModel(),
                      line.row().tier() + " from " + line.row().validFrom(),
                      line.row().source()));
    }
    review
        .decision()
        .plan()
        .fleets()
        .forEach(
            f -> {
              box(f.deployment().hardware());
              put(
                  "model " + f.deployment().model().id(),
                  "architecture and tier",
                  f.deployment().model().source());
            });
  }

  private void alternative(Alternative a) {
    box(a.hardware());
    put("model " + a.model().id(), "architecture and tier", a.model().source());
    put(
        "format " + a.quantization().id(),
        "bits a weight",
        a.quantization().bitsPerWeight().source());
    a.engine()
        .efficiencyOn(a.hardware().accelerator())
        .ifPresent(
            set ->
                put(
                    "engine " + a.engine().id(),
                    "step times on " + a.hardware().accelerator().id(),
                    set.source()));
  }

  private void box(HardwareProfile box) {
    String name = "box " + box.id();
    put(name, "idle watts", box.idleWatts().source());
    put(name, "busy watts", box.busyWatts().source());
    put(name, "memory", box.accelerator().memoryGb().source());
    put(name, "bandwidth", box.accelerator().bandwidthGbPerSecond().source());
    Optional<Figure> usd = box.acquisition().usd();
    usd.ifPresent(figure -> put(name, "price or rent", figure.source()));
  }

  private void put(String thing, String figure, Source source) {
    byThing.computeIfAbsent(thing, t -> new LinkedHashMap<>()).putIfAbsent(figure, source);
  }

  void write(ArrayNode to) {
    byThing.forEach(
        (thing, figures) ->
            figures.forEach(
                (figure, source) ->
                    to.addObject()
                        .put("of", thing)
                        .put("figure", figure)
                        .put("kind", source.kind().word())
                        .put("reference", source.reference())
                        .put("date", source.date())));
  }
}
