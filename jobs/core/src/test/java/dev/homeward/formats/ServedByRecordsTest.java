package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What records say of where their calls were served, and of what is charged besides text. */
final class ServedByRecordsTest {
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "msg_01abc, claude-opus-4-6, anthropic",
    "msg_bdrk_01abc, claude-opus-4-6, bedrock",
    "msg_01abc, us.anthropic.claude-opus-4-6-v1, bedrock",
    "msg_01abc, anthropic.claude-opus-4-6-v1, bedrock",
    "msg_vrtx_01abc, claude-opus-4-6, vertex",
    "msg_01abc, claude-opus-4-6@20260205, vertex",
    "msg_01abc, kimi-k2-thinking, ",
  })
  void claudeCodeSaysWhoAnswered(String id, String model, String provider) {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.CLAUDE_CODE,
            ("{\"type\":\"assistant\",\"timestamp\":\"2026-10-01T08:00:01Z\",\"sessionId\":\"s\","
                    + "\"requestId\":\"r\",\"message\":{\"id\":\"%s\",\"model\":\"%s\","
                    + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"speed\":\"fast\","
                    + "\"server_tool_use\":{\"web_search_requests\":3}}}}")
                .formatted(id, model));
    assertEquals(provider, call.provider);
    assertEquals(ServiceTier.FAST, call.serviceTier);
    assertEquals(3, call.webSearches);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-4o | | openai",
        "gpt-35-turbo | | azure",
        "gpt-4o | ,\"prompt_filter_results\":[] | azure",
        "deepseek-reasoner | | deepseek",
        "grok-4 | | ",
        "gpt-oss-120b | | ",
        "llama-3.3-70b-versatile | ,\"x_groq\":{\"id\":\"a\"} | groq",
        "qwen3 | ,\"timings\":{\"prompt_ms\":1} | llama.cpp",
        "llama3 | ,\"system_fingerprint\":\"fp_ollama\" | ollama",
        "deepseek-ai/DeepSeek-R1 | | openai-compatible",
        "deepseek/deepseek-r1 | ,\"provider\":\"Together\" | together",
      })
  void anAnswerInTheShapeOfOpenAiSaysWhoseItIs(String model, String more, String provider) {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.OPENAI_CHAT,
            ("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1790000000,\"model\":\"%s\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":8,"
                    + "\"prompt_tokens_details\":{\"audio_tokens\":6},"
                    + "\"completion_tokens_details\":{\"audio_tokens\":4}}%s}")
                .formatted(model, more == null ? "" : more));
    assertEquals(provider, call.provider);
    assertEquals(6, call.audioInputTokens);
    assertEquals(4, call.audioOutputTokens);
  }

  @Test
  void aRowOfLiteLlmSaysWhereAndWhichModelADeploymentIs() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.LITELLM_SPENDLOGS,
            "{\"request_id\":\"1\",\"call_type\":\"acompletion\",\"spend\":1,\"prompt_tokens\":10,"
                + "\"completion_tokens\":5,\"startTime\":\"2026-10-01T08:00:01Z\","
                + "\"endTime\":\"2026-10-01T08:00:02Z\",\"model\":\"azure/acme\","
                + "\"custom_llm_provider\":\"azure\",\"api_base\":\"https://a.openai.azure.com/\","
                + "\"metadata\":{\"usage_object\":{\"inference_geo\":\"us\",\"speed\":\"fast\","
                + "\"prompt_tokens_details\":{\"audio_tokens\":7},"
                + "\"completion_tokens_details\":{\"audio_tokens\":2},"
                + "\"server_tool_use\":{\"web_search_requests\":1}},"
                + "\"model_map_information\":{\"model_map_key\":\"azure/gpt-4o\","
                + "\"model_map_value\":{\"key\":\"azure/gpt-4o\"}}}}");
    assertEquals("azure/acme", call.requestModel);
    assertEquals("azure/gpt-4o", call.responseModel);
    assertEquals("https://a.openai.azure.com/", call.serverAddress);
    assertEquals("us", call.region);
    assertEquals(ServiceTier.FAST, call.serviceTier);
    assertEquals(7, call.audioInputTokens);
    assertEquals(2, call.audioOutputTokens);
    assertEquals(1, call.webSearches);
  }

  /** A key without a value is one that LiteLLM does not know either. */
  @Test
  void aModelThatLiteLlmDoesNotKnowKeepsItsName() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.LITELLM_SPENDLOGS,
            "{\"request_id\":\"1\",\"call_type\":\"acompletion\",\"spend\":1,\"prompt_tokens\":10,"
                + "\"completion_tokens\":5,\"startTime\":\"2026-10-01T08:00:01Z\","
                + "\"endTime\":\"2026-10-01T08:00:02Z\",\"model\":\"azure/acme\","
                + "\"metadata\":{\"model_map_information\":{\"model_map_key\":\"acme\","
                + "\"model_map_value\":null}}}");
    assertEquals(null, call.responseModel);
  }

  @Test
  void soundIsTakenFromTheModalitiesOfVertex() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.VERTEX,
            "{\"endpoint\":\"projects/p/locations/europe-west4/publishers/google/models/g\","
                + "\"logging_time\":\"2026-10-01 08:00:06 UTC\",\"request_id\":\"1\",\"model\":\"g\","
                + "\"full_request\":{},\"full_response\":{\"usageMetadata\":{"
                + "\"promptTokenCount\":100,\"candidatesTokenCount\":10,\"promptTokensDetails\":["
                + "{\"modality\":\"TEXT\",\"tokenCount\":40},{\"tokenCount\":60,"
                + "\"modality\":\"AUDIO\"}]}}}");
    assertEquals(60, call.audioInputTokens);
    assertEquals(CallDraft.ABSENT, call.audioOutputTokens);
    assertEquals("europe-west4", call.region);
  }
}
