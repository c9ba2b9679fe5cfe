package dev.homeward.decision;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Tier;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.policy.WorkloadPolicy;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses the deployments to replay for a workload. Models: those the policy names, else the
 * catalog's default ones, down to the lowest tier that the policy lets be evaluated, and those with
 * an evaluation. Boxes: the policy's, else the catalog's default set. Engine: for each model and
 * box the first of the catalog's default ones that holds the model there, in any format. Weight
 * formats: every one of the model that fits under it.
 */
public final class CandidatePlanner {
  private final Catalog catalog;
  private final Policy policy;
  private final Evaluations evaluations;
  private final Map<Asked, Fit> fits = new ConcurrentHashMap<>();

  public CandidatePlanner(Catalog catalog, Policy policy, Evaluations evaluations) {
    this.catalog = catalog;
    this.policy = policy;
    this.evaluations = evaluations;
  }

  /**
   * A model in a format on a box.
   *
   * @param standing beside the workload's hosted model
   * @param deployment empty if it fell out
   */
  public record Candidate(
      LocalModel model,
      Quantization quantization,
      Engine engine,
      HardwareProfile hardware,
      Standing standing,
      Optional<Deployment> deployment,
      Optional<ReasonCode> fellOut,
      String explanation) {}

  /** The candidates of a workload, in the order of models, boxes and formats. */
  public List<Candidate> plan(WorkloadCase workload) {
    return plan(workload, boxes(workload));
  }

  /** Its candidates on these boxes. */
  List<Candidate> plan(WorkloadCase workload, List<HardwareProfile> boxes) {
    List<Candidate> candidates = new ArrayList<>();
    for (LocalModel model : models(workload)) {
      for (HardwareProfile box : boxes) {
        candidates.addAll(candidates(workload, model, box));
      }
    }
    return candidates;
  }

  /** Checks that every name of the policy and the evaluations is in the catalog. */
  public void checkNames() {
    policy.hardware().forEach(catalog::hardware);
    policy.portfolio().owned().keySet().forEach(catalog::hardware);
    for (String workload : policy.workloadNames()) {
      WorkloadPolicy settings = policy.workloadPolicy(workload);
      settings.hardware().forEach(catalog::hardware);
      settings.placement().ifPresent(catalog::hardware);
      settings.localModels().forEach(catalog::model);
      settings.engines().forEach(catalog::engine);
      settings.quantizations().forEach(catalog::quantization);
      settings.hostedModel().ifPresent(catalog::hostedModel);
    }
    evaluations.all().forEach(evidence -> catalog.model(evidence.localModel()));
  }

  /** The weight formats that a model comes in. */
  List<Quantization> formats(LocalModel model) {
    return model.quantizations().stream().map(catalog::quantization).toList();
  }

  private List<LocalModel> models(WorkloadCase workload) {
    WorkloadPolicy settings = workload.policy();
    Map<String, LocalModel> models = new LinkedHashMap<>();
    if (!settings.localModels().isEmpty()) {
      settings.localModels().forEach(id -> models.put(id, catalog.model(id)));
      return List.copyOf(models.values());
    }
    if (workload.hosted().isPresent()) {
      for (LocalModel model : catalog.models()) {
        if (model.defaultCandidate() && mayBeTried(workload, model)) {
          models.put(model.id(), model);
        }
      }
    }
    for (Evaluations.Evidence evidence : evaluations.all()) {
      if (evidence.workload().equals(workload.key().workload())) {
        LocalModel model = catalog.model(evidence.localModel());
        if (model.embedding() == workload.isEmbedding()) {
          models.put(model.id(), model);
        }
      }
    }
    return List.copyOf(models.values());
  }

  private List<HardwareProfile> boxes(WorkloadCase workload) {
    List<String> named =
        workload.policy().boxesToTry().isEmpty()
            ? policy.hardware()
            : workload.policy().boxesToTry();
    return named.isEmpty()
        ? catalog.hardware().stream().filter(HardwareProfile::defaultCandidate).toList()
        : named.stream().map(catalog::hardware).toList();
  }

  private List<Engine> engines(WorkloadCase workload) {
    List<String> named = workload.policy().engines();
    return named.isEmpty()
        ? catalog.defaultEngines()
        : named.stream().map(catalog::engine).toList();
  }

  // The weight formats of a model that may be tried, in its order.
  private static List<String> quantizations(WorkloadCase workload, LocalModel model) {
    List<String> named = workload.policy().quantizations();
    return model.quantizations().stream()
        .filter(q -> named.isEmpty() || named.contains(q))
        .toList();
  }

  // Of the hosted model's tier, or lower as far as the policy lets be evaluated.
  private boolean mayBeTried(WorkloadCase workload, LocalModel model) {
    Tier hosted = workload.hosted().orElseThrow().tier();
    Tier lowest = policy.lowestTierToEvaluate(workload.key().workload());
    return model.tier().covers(hosted)
        || (hosted != Tier.EMBEDDING && !model.embedding() && model.tier().covers(lowest));
  }

  private Standing standing(WorkloadCase workload, LocalModel model, Quantization quantization) {
    boolean named = !workload.policy().localModels().isEmpty();
    return named || workload.hosted().isEmpty()
        ? Standing.MAY_STAND_IN
        : Standing.of(model.tierUnder(quantization), workload.hosted().get().tier());
  }

  private List<Candidate> candidates(WorkloadCase workload, LocalModel model, HardwareProfile box) {
    Engine firstEngine = engines(workload).get(0);
    Quantization first = catalog.quantization(model.quantizations().get(0));
    Standing standing = standing(workload, model, first);
    Optional<Candidate> lacking = lacking(workload, model, first, firstEngine, box, standing);
    if (lacking.isPresent()) {
      return List.of(lacking.get());
    }
    Fit.DoesNotFit closest = null;
    for (Engine engine : engines(workload)) {
      if (workload.policy().needs().structuredOutput() && !engine.support().structuredOutput()
          || model.embedding() && !engine.support().embeddings()) {
        continue;
      }
      List<Candidate> fitting = new ArrayList<>();
      for (String quantizationId : quantizations(workload, model)) {
        Quantization quantization = catalog.quantization(quantizationId);
        Fit fit = fit(box, model, quantization, engine, workload.profile().maxContext());
        if (fit instanceof Fit.Fits fits) {
          fitting.add(
              new Candidate(
                  model,
                  quantization,
                  engine,
                  box,
                  standing(workload, model, quantization),
                  Optional.of(fits.deployment()),
                  Optional.empty(),
                  ""));
        } else if (fit instanceof Fit.DoesNotFit not
            // Reasons are declared with the most telling first: a lack of memory before a missing
            // kernel.
            && (closest == null || not.reason().compareTo(closest.reason()) < 0)) {
          closest = not;
          first = quantization;
          firstEngine = engine;
        }
      }
      if (!fitting.isEmpty()) {
        fitting.sort(Comparator.comparing(Candidate::quantization, FormatOrder.of(model)));
        return fitting;
      }
    }
    return List.of(
        new Candidate(
            model,
            first,
            firstEngine,
            box,
            standing,
            Optional.empty(),
            Optional.of(ReasonCode.DOES_NOT_FIT),
            closest == null ? noneTried(workload, model) : closest.explanation()));
  }

  private static String noneTried(WorkloadCase workload, LocalModel model) {
    return quantizations(workload, model).isEmpty()
        ? "it comes in %s, not in %s"
            .formatted(
                String.join(", ", model.quantizations()),
                String.join(", ", workload.policy().quantizations()))
        : "no engine";
  }

  // The context matters only where the cache is cut into slots for it.
  private Fit fit(
      HardwareProfile box,
      LocalModel model,
      Quantization quantization,
      Engine engine,
      long maxContext) {
    Asked asked =
        new Asked(
            box.id(),
            model.id(),
            quantization.id(),
            engine.id(),
            switch (engine.scheduling().kvDivision()) {
              case POOL -> 0;
              case EVEN -> maxContext;
            });
    return fits.computeIfAbsent(
        asked, a -> Deployments.fit(box, model, quantization, engine, maxContext));
  }

  private record Asked(
      String box, String model, String quantization, String engine, long maxContext) {}

  private static Optional<Candidate> lacking(
      WorkloadCase workload,
      LocalModel model,
      Quantization quantization,
      Engine engine,
      HardwareProfile box,
      Standing standing) {
    ReasonCode code = null;
    String why = "";
    if (model.embedding() != workload.isEmbedding()) {
      code = ReasonCode.NEEDS_ABILITY;
      why = model.embedding() ? "it makes embeddings, not text" : "it makes text, not embeddings";
    } else if (workload.policy().needs().tools() && !model.abilities().tools()) {
      code = ReasonCode.NEEDS_ABILITY;
      why = "it does not call tools";
    } else if (!model
        .abilities()
        .modalities()
        .containsAll(workload.policy().needs().modalities())) {
      code = ReasonCode.NEEDS_ABILITY;
      why =
          "it reads %s, not %s"
              .formatted(
                  String.join(", ", model.abilities().modalities()),
                  String.join(", ", workload.policy().needs().modalities()));
    } else if (!model.abilities().languages().containsAll(workload.policy().needs().languages())) {
      code = ReasonCode.NEEDS_ABILITY;
      why =
          model.abilities().languages().isEmpty()
              ? "nobody has said which languages it knows (languages: in a --hardware file)"
              : "its card names %s, not all of %s"
                  .formatted(
                      String.join(", ", model.abilities().languages()),
                      String.join(", ", workload.policy().needs().languages()));
    } else if (workload.profile().inputP99().orElse(0) > model.abilities().contextWindow()) {
      code = ReasonCode.CONTEXT_TOO_LONG;
      why =
          "99th percentile of input %d tokens, context window %d"
              .formatted(
                  workload.profile().inputP99().orElse(0), model.abilities().contextWindow());
    }
    return code == null
        ? Optional.empty()
        : Optional.of(
            new Candidate(
                model,
                quantization,
                engine,
                box,
                standing,
                Optional.empty(),
                Optional.of(code),
                why));
  }
}
