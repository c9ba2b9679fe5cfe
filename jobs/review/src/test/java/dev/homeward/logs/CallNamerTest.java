package dev.homeward.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallDraft;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HostedModels;
import dev.homeward.config.Documents;
import dev.homeward.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A namer that knows many calls names one as a new namer does, whichever was named before. */
final class CallNamerTest {
  private static final HostedModels MODELS = Catalog.standard().hostedModels();
  private static final String[] REQUESTED = {"gpt-4o", "claude-sonnet-4-5", "no-such-model", null};
  private static final String[] ANSWERED = {null, "gpt-4o-2024-08-06"};
  private static final String[] PROVIDERS = {"openai", "azure", "bedrock", null};
  private static final String[] ADDRESSES = {null, "http://localhost:8000", "https://api.x.ai"};
  private static final String[] REGIONS = {null, "eu", "us-east-1"};
  private static final String[] GIVEN = {null, null, "bedrock/us"};
  private static final String[] TAGS = {"app:a", "app:b", "data_class:internal", "other"};
  private static final int CALLS = 3_000;

  @Test
  void whatWasNamedBeforeDoesNotMatter() {
    check(Policy.defaults());
  }

  @Test
  void norWhereThePlaceNamesTheWorkload() {
    String rules = "workload-rules: [{ from: tag }, { from: served-by }]";
    check(
        Policy.defaults()
            .with(
                (ObjectNode) Documents.parse(rules.getBytes(StandardCharsets.UTF_8), "p.yaml"),
                "p.yaml"));
  }

  private static void check(Policy policy) {
    CallNamer warm = new CallNamer(policy, MODELS);
    Random random = new Random(7);
    Map<CallNamer.Named, CallNamer.Named> seen = new HashMap<>();
    Set<String> places = new HashSet<>();
    for (int i = 0; i < CALLS; i++) {
      long seed = random.nextInt(700);
      boolean copied = random.nextBoolean();
      CallDraft call = call(new Random(seed), copied);
      CallDraft again = call(new Random(seed), true);
      if (call.requestModel == null && call.responseModel == null) {
        continue;
      }
      CallNamer.Named named = warm.name(call);
      CallNamer.Named expected = new CallNamer(policy, MODELS).name(again);
      assertEquals(expected, named);
      assertEquals(again.servedBy, call.servedBy);
      assertEquals(again.attributes.size(), call.attributes.size());
      assertSame(seen.computeIfAbsent(named, n -> n), named);
      places.add(String.valueOf(call.servedBy));
    }
    assertTrue(seen.size() > 10 && places.size() > 4, seen.size() + " names, " + places);
  }

  /** The same call for the same seed, of the texts above themselves or of copies of them. */
  private static CallDraft call(Random random, boolean copied) {
    CallDraft call = new CallDraft();
    call.requestModel = one(REQUESTED, random, copied);
    call.responseModel = one(ANSWERED, random, copied);
    call.provider = one(PROVIDERS, random, copied);
    call.serverAddress = one(ADDRESSES, random, copied);
    call.region = one(REGIONS, random, copied);
    call.servedBy = one(GIVEN, random, copied);
    for (int tags = random.nextInt(3); tags > 0; tags--) {
      call.attributes.add("tag", one(TAGS, random, copied));
    }
    return call;
  }

  private static String one(String[] texts, Random random, boolean copied) {
    String text = texts[random.nextInt(texts.length)];
    return text == null || !copied ? text : String.valueOf(text.toCharArray());
  }
}
