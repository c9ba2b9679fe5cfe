package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Score;
import dev.homeward.catalog.Situation;
import dev.homeward.catalog.Source;
import dev.homeward.keeping.Codec;
import java.util.List;
import java.util.Locale;

/** What the catalog lists, for programs; every figure with its source. */
final class CatalogDocument {
  private final Catalog catalog;
  private final ObjectNode root = Codec.object();

  private CatalogDocument(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The part of that name, or {@code all}. */
  static ObjectNode of(Catalog catalog, String what) {
    CatalogDocument document = new CatalogDocument(catalog);
    switch (what) {
      case "hardware" -> document.hardware();
      case "models" -> document.models();
      case "quantizations" -> document.quantizations();
      case "engines" -> document.engines();
      case "hosted" -> document.hosted();
      case "situations" -> document.situations();
      case "all" -> {
        document.hardware();
        document.models();
        document.quantizations();
        document.engines();
        document.hosted();
        document.situations();
      }
      default -> throw CatalogCommand.unknown(what);
    }
    return document.root;
  }

  private void hardware() {
    ArrayNode all = root.putArray("hardware");
    for (HardwareProfile h : catalog.hardware()) {
      ObjectNode n = all.addObject();
      n.put("id", h.id()).put("name", h.name()).put("default", h.defaultCandidate());
      n.put("accelerator", h.accelerator().id()).put("accelerators", h.acceleratorCount());
      figure(n, "accelerator_memory_gb", h.accelerator().memoryGb());
      figure(n, "accelerator_bandwidth_gb_per_s", h.accelerator().bandwidthGbPerSecond());
      figure(n, "idle_watts", h.idleWatts());
      figure(n, "busy_watts", h.busyWatts());
      Acquisition a = h.acquisition();
      n.put("mode", a.mode().name().toLowerCase(Locale.ROOT)).put("hours_per_day", a.hoursPerDay());
      a.priceUsd().ifPresent(f -> figure(n, "price_usd", f));
      a.hourlyUsd().ifPresent(f -> figure(n, "hourly_usd", f));
      a.monthlyUsd().ifPresent(f -> figure(n, "monthly_usd", f));
    }
  }

  private void models() {
    ArrayNode all = root.putArray("models");
    for (LocalModel m : catalog.models()) {
      ObjectNode n = all.addObject();
      n.put("id", m.id()).put("name", m.name()).put("default", m.defaultCandidate());
      n.put("tier", m.tier().word()).put("licence", m.licence());
      n.put("parameters", m.architecture().parameters());
      n.put("active_parameters", m.architecture().activeParameters());
      n.put("context_window", m.abilities().contextWindow());
      n.set("quantizations", Codec.tree(m.quantizations()));
      scores(n, m.scores());
      source(n, m.source());
    }
  }

  private void quantizations() {
    ArrayNode all = root.putArray("quantizations");
    for (Quantization q : catalog.quantizations()) {
      ObjectNode n = all.addObject().put("id", q.id()).put("name", q.name());
      n.put("bits_per_weight", q.bitsInFiles());
      q.qualityLoss()
          .ifPresent(
              loss -> {
                ObjectNode of = n.putObject("quality_loss");
                of.put("measure", loss.measure().name().toLowerCase(Locale.ROOT));
                of.put("on", loss.on());
                figure(of, "share", loss.share());
              });
      source(n, q.source());
    }
  }

  private void engines() {
    ArrayNode all = root.putArray("engines");
    for (Engine e : catalog.engines()) {
      ObjectNode n = all.addObject().put("id", e.id()).put("name", e.name());
      n.put("version", e.version()).put("default", e.defaultCandidate());
      n.put("scheduler", e.scheduling().scheduler().word());
      ArrayNode sets = n.putArray("efficiencies");
      e.efficiencies()
          .forEach(
              (chip, set) -> {
                ObjectNode of = sets.addObject().put("chips", chip);
                of.put("residual", set.residual());
                source(of, set.source());
              });
    }
  }

  private void hosted() {
    PriceBook.standard().newest().ifPresent(day -> root.put("price_book_of", day.toString()));
    ArrayNode all = root.putArray("hosted");
    for (HostedModel m : catalog.hostedModels().all()) {
      ObjectNode n = all.addObject().put("id", m.id()).put("provider", m.provider());
      n.put("tier", m.tier().word());
      n.set("aliases", Codec.tree(m.aliases()));
      scores(n, m.scores());
    }
  }

  private void situations() {
    ArrayNode all = root.putArray("situations");
    for (Situation s : Situation.all()) {
      ObjectNode n = all.addObject().put("id", s.id()).put("name", s.name());
      n.put("default", s.id().equals(Situation.DEFAULT)).put("description", s.description());
      n.set("boxes", Codec.tree(s.boxes()));
      ObjectNode values = n.putObject("values");
      s.values().forEach((key, value) -> figure(values, key, value));
    }
  }

  private static void scores(ObjectNode n, List<Score> scores) {
    ArrayNode all = n.putArray("scores");
    for (Score s : scores) {
      source(all.addObject().put("benchmark", s.benchmark()).put("score", s.score()), s.source());
    }
  }

  private static void figure(ObjectNode n, String name, Figure figure) {
    source(n.putObject(name).put("value", figure.value()), figure.source());
  }

  private static void source(ObjectNode n, Source source) {
    n.putObject("source")
        .put("kind", source.kind().word())
        .put("reference", source.reference())
        .put("date", source.date());
  }
}
