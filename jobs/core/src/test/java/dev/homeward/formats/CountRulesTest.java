package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CountNames;
import dev.homeward.formats.scan.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts under other names, and totals that say where cached tokens and reasoning stand. Expected
 * values follow from the sources' own rules; what nothing explains is kept and flagged.
 */
final class CountRulesTest {
  private static final String START_NANOS = "\"1770109200000000000\"";

  /** Names seen in spans, and what they mean. */
  @ParameterizedTest
  @CsvSource({
    "input_tokens, INPUT",
    "prompt, INPUT",
    "promptTokens, INPUT",
    "outputTokens, OUTPUT",
    "completion, OUTPUT",
    "totalTokens, TOTAL",
    "total, TOTAL",
    "cache_read.input_tokens, CACHE_READ",
    "cache_read_input_tokens, CACHE_READ",
    "cache_read_tokens, CACHE_READ",
    "cached_tokens, CACHE_READ",
    "input_tokens.cached, CACHE_READ",
    "input_cached_tokens, CACHE_READ",
    "prompt_tokens_details.cached_tokens, CACHE_READ",
    "prompt_details.cache_read, CACHE_READ",
    "prompt_details.cache_input, CACHE_READ",
    "inputTokenDetails.cacheReadTokens, CACHE_READ",
    "cachedContentTokenCount, CACHE_READ",
    "prompt_cache_hit_tokens, CACHE_READ",
    "cache_write_input_tokens, CACHE_WRITE",
    "cache_write.input_tokens, CACHE_WRITE",
    "cache_write_tokens, CACHE_WRITE",
    "cache_creation.input_tokens, CACHE_WRITE",
    "input_tokens.cache_write, CACHE_WRITE",
    "prompt_details.cache_write, CACHE_WRITE",
    "cache_creation.ephemeral_5m_input_tokens, CACHE_WRITE_5M",
    "cache_creation.ephemeral_1h_input_tokens, CACHE_WRITE_1H",
    "inputTokenDetails.noCacheTokens, UNCACHED",
    "prompt_cache_miss_tokens, UNCACHED",
    "reasoning.output_tokens, REASONING",
    "experimental.reasoning_tokens, REASONING",
    "completion_details.reasoning, REASONING",
    "details.thoughts_tokens, REASONING",
    "thoughtsTokenCount, REASONING",
    "outputTokenDetails.textTokens, OTHER",
    "prompt_details.audio, OTHER",
    "audio.input_tokens, OTHER",
    "cache_read.cost_usd, OTHER",
    "cache_hit, OTHER"
  })
  void namesOfCountsSayWhatTheyAre(String name, CountNames meaning) {
    assertEquals(meaning, CountNames.of(name));
  }

  @Test
  void pydanticsNamesAreReadAndItsDetailsAreNoInput() {
    CallDraft call =
        span(
            "pydantic-ai",
            "gen_ai.system=anthropic",
            "gen_ai.request.model=claude-sonnet-4-5",
            "gen_ai.usage.input_tokens=130213",
            "gen_ai.usage.output_tokens=40",
            "gen_ai.usage.cache_read_tokens=128955",
            "gen_ai.usage.cache_write_tokens=1253",
            "gen_ai.usage.details.input_tokens=5",
            "gen_ai.usage.details.cache_read_input_tokens=128955");
    assertCounts(call, 5, 128_955, 1_253, 40);
    assertEquals(0, call.flags);
  }

  /** The total is what the span's writer takes for the sum: 100 + 10 + 4,000 + 500. */
  @Test
  void aTotalThatHoldsTheCacheBesideTheInputDecides() {
    CallDraft beside =
        span(
            "any",
            "gen_ai.request.model=claude-sonnet-4-5",
            "gen_ai.usage.input_tokens=5000",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.cache_read_input_tokens=4000",
            "gen_ai.usage.cache_write_input_tokens=500",
            "gen_ai.usage.total_tokens=9510");
    assertCounts(beside, 5_000, 4_000, 500, 10);
    CallDraft inside =
        span(
            "any",
            "gen_ai.request.model=claude-sonnet-4-5",
            "gen_ai.usage.input_tokens=5000",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.cache_read_input_tokens=4000",
            "gen_ai.usage.cache_write_input_tokens=500",
            "gen_ai.usage.total_tokens=5010");
    assertCounts(inside, 500, 4_000, 500, 10);
    assertEquals(0, beside.flags | inside.flags);
  }

  @Test
  void anInstrumentationThatIsKnownToLeaveCachedTokensOutIsBelieved() {
    // Its total is the sum that it makes of its own input and output.
    CallDraft call =
        span(
            "opentelemetry.instrumentation.bedrock",
            "gen_ai.request.model=claude-sonnet-4-5",
            "gen_ai.usage.input_tokens=5000",
            "gen_ai.usage.output_tokens=40",
            "gen_ai.usage.total_tokens=5040",
            "gen_ai.usage.cache_read.input_tokens=1000");
    assertCounts(call, 5_000, 1_000, 0, 40);
    assertEquals(0, call.flags);
  }

  @Test
  void whereNothingTellsTheCallIsFlagged() {
    CallDraft call =
        span(
            "my-own",
            "gen_ai.system=anthropic",
            "gen_ai.request.model=claude-sonnet-4-5",
            "gen_ai.usage.input_tokens=5000",
            "gen_ai.usage.output_tokens=40",
            "gen_ai.usage.cache_read_input_tokens=1000");
    assertCounts(call, 4_000, 1_000, 0, 40);
    assertEquals(CallFlags.CACHE_IN_DOUBT, call.flags);
    CallDraft openAi =
        span(
            "my-own",
            "gen_ai.system=openai",
            "gen_ai.request.model=gpt-5",
            "gen_ai.usage.input_tokens=5000",
            "gen_ai.usage.output_tokens=40",
            "gen_ai.usage.cache_read_input_tokens=1000");
    assertEquals(0, openAi.flags, "OpenAI itself counts them inside");
  }

  @Test
  void aTotalThatNothingExplainsIsFlaggedAndNothingIsAdded() {
    CallDraft call =
        span(
            "any",
            "gen_ai.request.model=gpt-5",
            "gen_ai.usage.input_tokens=100",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.total_tokens=150");
    assertCounts(call, 100, 0, 0, 10);
    assertEquals(CallFlags.UNEXPLAINED, call.flags);
    CallDraft less =
        span(
            "any",
            "gen_ai.request.model=gemini-2.5-pro",
            "gen_ai.usage.input_tokens=100",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.total_tokens=90");
    assertEquals(CallFlags.UNEXPLAINED, less.flags, "not even Gemini's thoughts are negative");
    CallDraft nothing =
        span(
            "any",
            "gen_ai.request.model=gpt-5",
            "gen_ai.usage.input_tokens=100",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.total_tokens=0");
    assertEquals(0, nothing.flags, "a total left at 0 says nothing");
  }

  @Test
  void whatATotalOfGeminiHoldsBeyondItsPartsAreThoughts() {
    CallDraft call =
        span(
            "any",
            "gen_ai.request.model=gemini-2.5-pro",
            "llm.token_count.prompt=100",
            "llm.token_count.completion=10",
            "llm.token_count.total=150");
    assertCounts(call, 100, 0, 0, 50);
    assertEquals(40, call.reasoningTokens);
    assertEquals(0, call.flags);
    CallDraft told =
        span(
            "any",
            "gen_ai.request.model=gemini-2.5-pro",
            "gen_ai.usage.input_tokens=100",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.details.thoughts_tokens=40",
            "gen_ai.usage.total_tokens=150");
    assertCounts(told, 100, 0, 0, 50);
    assertEquals(40, told.reasoningTokens);
  }

  /** The AI SDK 5 gives Anthropic's own input, without what was cached; version 6 divides it. */
  @Test
  void theAiSdkCountsAsItsVersionDoes() {
    CallDraft five =
        span(
            "ai",
            "ai.operationId=ai.streamText.doStream",
            "ai.model.provider=anthropic.messages",
            "ai.model.id=claude-sonnet-4-5",
            "ai.usage.inputTokens=3000",
            "ai.usage.outputTokens=50",
            "ai.usage.totalTokens=3050",
            "ai.usage.cachedInputTokens=2000",
            "ai.response.providerMetadata={\"anthropic\":{\"cacheCreationInputTokens\":700,"
                + "\"usage\":{\"input_tokens\":3000,\"cache_creation_input_tokens\":700}}}");
    assertCounts(five, 3_000, 2_000, 700, 50);
    assertEquals("anthropic", five.provider);
    CallDraft six =
        span(
            "ai",
            "ai.operationId=ai.generateText.doGenerate",
            "ai.model.provider=anthropic.messages",
            "ai.model.id=claude-sonnet-4-5",
            "ai.usage.inputTokens=5700",
            "ai.usage.outputTokens=50",
            "ai.usage.totalTokens=5750",
            "ai.usage.cachedInputTokens=2000",
            "ai.usage.inputTokenDetails.noCacheTokens=3000",
            "ai.usage.inputTokenDetails.cacheReadTokens=2000",
            "ai.usage.inputTokenDetails.cacheWriteTokens=700",
            "ai.usage.outputTokenDetails.textTokens=50",
            "ai.usage.outputTokenDetails.reasoningTokens=0");
    assertCounts(six, 3_000, 2_000, 700, 50);
    assertEquals(0, five.flags | six.flags);
  }

  @ParameterizedTest
  @CsvSource({
    "openai.responses, openai",
    "openai.chat, openai",
    "google.generative-ai, google",
    "google.vertex.chat, vertex_ai",
    "amazon-bedrock, amazon-bedrock",
    "aws.bedrock, aws.bedrock",
    "gcp.vertex_ai, gcp.vertex_ai"
  })
  void theInterfaceIsNoPartOfTheProvider(String word, String provider) {
    CallDraft call =
        span(
            "ai",
            "gen_ai.system=" + word,
            "gen_ai.request.model=m",
            "gen_ai.usage.input_tokens=1",
            "gen_ai.usage.output_tokens=1");
    assertEquals(provider, call.provider);
  }

  /** Langfuse's keys add up to the total, unless the total says that they do not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // model | usage_details | uncached, read, output, reasoning, flags
        "claude | {'input':100,'input_cached_tokens':80,'output':10,'total':190} | 100,80,10,-,0",
        "claude | {'input':100,'input_cached_tokens':80,'output':10,'total':110} | 20,80,10,-,0",
        "gpt-5 | {'input':100,'output':10,'output_reasoning_tokens':6,'total':116} | 100,0,16,6,0",
        "gpt-5 | {'input':100,'output':10,'output_reasoning_tokens':6,'total':110} | 100,0,10,6,0",
        "gpt-5 | {'input':100,'output':10,'output_reasoning_tokens':6} | 100,0,16,6,0",
        "gpt-5 | {'input':100,'output':10,'total':150} | 100,0,10,-,2048",
        "gemini-2.5-pro | {'input':100,'output':10,'total':150} | 100,0,50,40,0",
        "gemini-2.5-pro | {'input':100,'cached_tokens':40,'output':10,'total':150} | 100,40,10,-,0",
        "gpt-5 | {'input':100,'cache_read_tokens':80,'output':10,'total':110} | 20,80,10,-,0",
        "gpt-5 | {'prompt_tokens':100,'completion_tokens':10,'total_tokens':110} | 100,0,10,-,0"
      })
  void langfuseTotalsJudgeItsKeys(String model, String details, String expected) {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.LANGFUSE_OBSERVATIONS,
            ("{'id':'a','trace_id':'t','type':'GENERATION','start_time':'2026-02-03T09:00:00Z',"
                    + "'provided_model_name':'%s','usage_details':%s}")
                .formatted(model, details)
                .replace('\'', '"'));
    String reasoning = call.reasoningTokens == CallDraft.ABSENT ? "-" : "" + call.reasoningTokens;
    assertEquals(
        expected,
        "%d,%d,%d,%s,%d"
            .formatted(
                call.inputTokens, call.cacheReadTokens, call.outputTokens, reasoning, call.flags));
  }

  @Test
  void olderExportsOfLangfuseHoldUsageUnderOtherFields() {
    CallDraft page =
        Reading.onlyCall(
            LogFormat.LANGFUSE_OBSERVATIONS,
            "{\"id\":\"a\",\"traceId\":\"t\",\"type\":\"GENERATION\",\"startTime\":"
                + "\"2026-02-03T09:00:00Z\",\"model\":\"gpt-5\",\"promptTokens\":100,"
                + "\"completionTokens\":10,\"totalTokens\":110,\"usage\":{\"unit\":\"TOKENS\","
                + "\"input\":100,\"output\":10,\"total\":110}}");
    assertCounts(page, 100, 0, 0, 10);
  }

  /** An advisor's model has a price of its own: its tokens are no part of this call. */
  @ParameterizedTest
  @ValueSource(strings = {"advisor_message", "something_new"})
  void iterationsOfOtherKindsAreLeftOutAndFlagged(String type) {
    CallDraft call =
        message(
            "{'type':'message','input_tokens':100,'output_tokens':10},"
                + "{'type':'%s','model':'claude-opus-4-8','input_tokens':5000,'output_tokens':70}"
                    .formatted(type));
    assertCounts(call, 100, 0, 0, 10);
    assertEquals(CallFlags.UNEXPLAINED, call.flags);
  }

  @Test
  void declinedFallbacksAreNotBilled() {
    CallDraft call =
        message(
            "{'type':'message','input_tokens':100,'output_tokens':2},"
                + "{'type':'fallback_message','input_tokens':100,'output_tokens':10}");
    assertCounts(call, 100, 0, 0, 10);
    assertEquals(0, call.flags);
  }

  @Test
  void aCompactionsCacheTokensHaveTheirKinds() {
    CallDraft call =
        message(
            "{'input_tokens':50,'output_tokens':7,'cache_read_input_tokens':9000,"
                + "'cache_creation_input_tokens':300,'cache_creation':{'ephemeral_5m_input_tokens':"
                + "100,'ephemeral_1h_input_tokens':200},'type':'compaction'},"
                + "{'type':'message','input_tokens':100,'output_tokens':10}");
    assertCounts(call, 150, 9_000, 100, 17);
    assertEquals(200, call.cacheWrite1hTokens);
  }

  @Test
  void aMessageOfHugeIterationsIsRejectedAndNotWrapped() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      many.append("{'type':'compaction','input_tokens':2147483647,'output_tokens':0},");
    }
    many.append("{'type':'message','input_tokens':100,'output_tokens':10}");
    assertEquals(
        Reason.TOKENS_TOO_LARGE,
        Reading.onlyRejection(LogFormat.ANTHROPIC_MESSAGE, messageText(many.toString())).reason());
  }

  /** Without a total xAI's own rule holds; a total that says otherwise is right. */
  @Test
  void grokThinksBesideItsCompletionUnlessTheTotalSaysOtherwise() {
    assertEquals(900, chat("grok-4", "'completion_tokens':500", 400).outputTokens);
    assertEquals(
        500, chat("grok-4", "'completion_tokens':500,'total_tokens':600", 400).outputTokens);
    assertEquals(500, chat("gpt-5", "'completion_tokens':500", 400).outputTokens);
  }

  @Test
  void liteLlmRowsOfXaiAreToldByTheirTotalToo() {
    String row =
        "{'request_id':'r','call_type':'acompletion','startTime':'2026-10-05T08:00:01Z','model':"
            + "'xai/grok-4','prompt_tokens':100,'completion_tokens':50,'total_tokens':190,'metadata'"
            + ":{'usage_object':{'completion_tokens_details':{'reasoning_tokens':40}}}}";
    CallDraft call = Reading.onlyCall(LogFormat.LITELLM_SPENDLOGS, row.replace('\'', '"'));
    assertCounts(call, 100, 0, 0, 90);
  }

  /** Messages passed through may keep Anthropic's own count: 31 tokens beside 1,253 written. */
  @Test
  void liteLlmsPassedThroughMessagesMayLeaveCachedTokensOut() {
    String row =
        "{'request_id':'r','call_type':'%s','startTime':'2026-10-05T08:00:01Z','model':"
            + "'claude-sonnet-4-5','prompt_tokens':31,'completion_tokens':467,'total_tokens':498,"
            + "'metadata':{'usage_object':{'cache_creation_input_tokens':1253}}}";
    String passed = row.formatted("anthropic_messages").replace('\'', '"');
    assertCounts(Reading.onlyCall(LogFormat.LITELLM_SPENDLOGS, passed), 31, 0, 1_253, 467);
    String usual = row.formatted("acompletion").replace('\'', '"');
    assertEquals(
        Reason.CACHE_EXCEEDS_INPUT,
        Reading.onlyRejection(LogFormat.LITELLM_SPENDLOGS, usual).reason());
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, claude-sonnet-4-5, 2000",
    "AWS, anthropic.claude-sonnet-4-5-v1:0, 2000",
    "GOOGLE, claude-sonnet-4-5@20250929, 2000",
    "AZURE, claude-sonnet-4-5, 2000",
    "OPENROUTER, anthropic/claude-sonnet-4-5, 1000",
    "OPENAI, gpt-5, 1000"
  })
  void heliconePassesOnWhatTheProviderCounts(String provider, String model, long uncached) {
    String row =
        "{'request_id':'r','request_created_at':'2026-10-05T08:00:01Z','response_status':200,"
            + "'request_model':'%s','provider':'%s','prompt_tokens':2000,'completion_tokens':10,"
            + "'total_tokens':2010,'prompt_cache_read_tokens':1000}";
    CallDraft call =
        Reading.onlyCall(LogFormat.HELICONE, row.formatted(model, provider).replace('\'', '"'));
    assertCounts(call, uncached, 1_000, 0, 10);
    assertEquals(0, call.flags);
  }

  @Test
  void heliconesCachedTokensAboveTheInputStandBesideIt() {
    String row =
        "{'request_id':'r','request_created_at':'2026-10-05T08:00:01Z','response_status':200,"
            + "'request_model':'some-alias','provider':'CUSTOM','prompt_tokens':5,"
            + "'completion_tokens':10,'prompt_cache_read_tokens':1000}";
    assertCounts(Reading.onlyCall(LogFormat.HELICONE, row.replace('\'', '"')), 5, 1_000, 0, 10);
  }

  @ParameterizedTest
  @CsvSource({
    "ON_DEMAND, STANDARD",
    "ON_DEMAND_FLEX, FLEX",
    "ON_DEMAND_PRIORITY, PRIORITY",
    "PROVISIONED_THROUGHPUT, STANDARD",
    "SOMETHING_NEW, STANDARD"
  })
  void vertexSaysWhichTrafficItWas(String type, ServiceTier tier) {
    String row =
        "{'logging_time':'2026-10-05 08:00:06 UTC','request_id':'1','endpoint':"
            + "'projects/p/locations/us-central1/publishers/google/models/gemini-2.5-pro',"
            + "'model':'gemini-2.5-pro','full_response':{'usageMetadata':{'promptTokenCount':100,"
            + "'candidatesTokenCount':10,'thoughtsTokenCount':40,'toolUsePromptTokenCount':20,"
            + "'totalTokenCount':170,'trafficType':'%s'}}}";
    CallDraft call = Reading.onlyCall(LogFormat.VERTEX, row.formatted(type).replace('\'', '"'));
    assertEquals(tier, call.serviceTier);
    assertCounts(call, 120, 0, 0, 50);
    assertEquals(0, call.flags);
    assertEquals(
        type.startsWith("PROVISIONED"),
        Reading.attributes(call).contains("metadata.traffic_type=provisioned_throughput"));
  }

  @Test
  void bedrocksEventsSayHowLongWritesStay() {
    String row =
        "{'schemaType':'ModelInvocationLog','timestamp':'2026-10-01T08:00:06Z','requestId':'a',"
            + "'operation':'InvokeModelWithResponseStream','modelId':'anthropic.claude-opus-4-6-v1',"
            + "'input':{'inputTokenCount':10,'cacheWriteInputTokenCount':900},'output':{"
            + "'outputTokenCount':5,'outputBodyJson':[{'type':'message_start','message':{'usage':"
            + "{'input_tokens':10,'cache_creation':{'ephemeral_5m_input_tokens':200,"
            + "'ephemeral_1h_input_tokens':700}}}},{'type':'message_delta','usage':{"
            + "'output_tokens':5}}]}}";
    CallDraft call = Reading.onlyCall(LogFormat.BEDROCK, row.replace('\'', '"'));
    assertCounts(call, 10, 0, 200, 5);
    assertEquals(700, call.cacheWrite1hTokens);
  }

  /** The log's own count is that of the answer's top level (10), or holds the compaction (60). */
  @ParameterizedTest
  @CsvSource({"10, 60", "60, 60"})
  void aCompactionOnBedrockCountsOnce(long logged, long input) {
    String row =
        "{'schemaType':'ModelInvocationLog','timestamp':'2026-10-01T08:00:06Z','requestId':'a',"
            + "'operation':'InvokeModel','modelId':'anthropic.claude-opus-4-6-v1','input':{"
            + "'inputTokenCount':%d},'output':{'outputTokenCount':5,'outputBodyJson':{'usage':{"
            + "'input_tokens':10,'output_tokens':5,'iterations':[{'type':'compaction',"
            + "'input_tokens':50,'output_tokens':0},{'type':'message','input_tokens':10,"
            + "'output_tokens':5}]}}}}";
    CallDraft call = Reading.onlyCall(LogFormat.BEDROCK, row.formatted(logged).replace('\'', '"'));
    assertCounts(call, input, 0, 0, 5);
  }

  @Test
  void bedrocksLifetimesThatExceedTheWritesAreFlagged() {
    String row =
        "{'schemaType':'ModelInvocationLog','timestamp':'2026-10-01T08:00:06Z','requestId':'a',"
            + "'operation':'Converse','modelId':'anthropic.claude-opus-4-6-v1',"
            + "'input':{'inputTokenCount':10,'cacheWriteInputTokenCount':900},'output':{"
            + "'outputTokenCount':5,'outputBodyJson':{'usage':{'cacheDetails':[{'ttl':'1h',"
            + "'inputTokens':901}]}}}}";
    CallDraft call = Reading.onlyCall(LogFormat.BEDROCK, row.replace('\'', '"'));
    assertCounts(call, 10, 0, 900, 5);
    assertEquals(CallFlags.UNEXPLAINED, call.flags);
  }

  private static CallDraft chat(String model, String counts, long reasoning) {
    String text =
        "{'id':'c','object':'chat.completion','created':1790841601,'model':'%s','choices':[],"
            + "'usage':{'prompt_tokens':100,%s,'completion_tokens_details':{'reasoning_tokens':%d}}}";
    return Reading.onlyCall(
        LogFormat.OPENAI_CHAT, text.formatted(model, counts, reasoning).replace('\'', '"'));
  }

  private static CallDraft message(String iterations) {
    return Reading.onlyCall(LogFormat.ANTHROPIC_MESSAGE, messageText(iterations));
  }

  private static String messageText(String iterations) {
    String text =
        "{'timestamp':'2026-02-03T09:00:00Z','message':{'id':'m','type':'message','role':"
            + "'assistant','model':'claude-sonnet-4-6','usage':{'iterations':[%s],'input_tokens':"
            + "100,'output_tokens':10}}}";
    return text.formatted(iterations).replace('\'', '"');
  }

  private static CallDraft span(String scope, String... attributes) {
    StringBuilder list = new StringBuilder();
    for (String attribute : attributes) {
      int at = attribute.indexOf('=');
      String value = attribute.substring(at + 1);
      boolean number = value.matches("\\d+");
      list.append(list.length() == 0 ? "" : ",")
          .append("{\"key\":\"")
          .append(attribute, 0, at)
          .append("\",\"value\":{\"")
          .append(number ? "intValue" : "stringValue")
          .append("\":\"")
          .append(value.replace("\"", "\\\""))
          .append("\"}}");
    }
    Reading reading =
        Reading.of(
            LogFormat.OTLP,
            """
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"%s"},"spans":[{"traceId":"ab",\
            "spanId":"cd","startTimeUnixNano":%s,"attributes":[%s]}]}]}]}
            """
                .formatted(scope, START_NANOS, list));
    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.calls.size());
    assertTrue(reading.calls.get(0).isInTrace());
    return reading.calls.get(0);
  }

  private static void assertCounts(
      CallDraft call, long uncached, long read, long written5m, long output) {
    assertEquals(
        List.of(uncached, read, written5m, output),
        List.of(
            call.inputTokens, call.cacheReadTokens, call.cacheWrite5mTokens, call.outputTokens));
  }
}
