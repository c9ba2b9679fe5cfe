package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.homeward.calls.CallDraft;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The scheduled export of Langfuse with what belongs to the trace in each row ({@code
 * observations_v2}), in the forms that it is written in: the same calls come of all of them.
 */
final class LangfuseExportTest {
  private static final String JSON =
      """
      {"id":"o1","trace_id":"t1","project_id":"p","environment":"production","type":"GENERATION","parent_observation_id":"","start_time":"2026-10-05 08:00:00.250000","end_time":"2026-10-05 08:00:03.250000","name":"draft","level":"DEFAULT","session_id":"s1","user_id":"u1","tags":["app:mail","eu, x"],"release":"","trace_name":"mail","provided_model_name":"gpt-4o","usage_details":%s,"cost_details":{"total":0.01},"total_cost":0.01,"completion_start_time":null,"metadata":%s,"latency":3,"time_to_first_token":0.5,"prompt_name":"p1"}
      """;

  private static final String NESTED =
      "{\"cost_center\":\"CC-1\",\"attributes\":\"{\\\"gen_ai.agent.name\\\":\\\"triage\\\",\\\"gen_ai.prompt\\\":\\\"no\\\"}\",\"resourceAttributes\":{\"service.name\":\"gw\"}}";

  /** As Langfuse 4 keeps it. */
  private static final String FLAT =
      "{\"cost_center\":\"CC-1\",\"attributes.gen_ai.agent.name\":\"triage\",\"attributes.gen_ai.prompt\":\"no\",\"resourceAttributes.service.name\":\"gw\"}";

  private static final String COUNTS = "{\"input\":100,\"input_cached_tokens\":40,\"output\":7}";

  private static List<String> calls(LogFormat format, String text) {
    Reading reading = Reading.of(format, text);
    assertEquals(List.of(), reading.rejections);
    List<String> calls = new ArrayList<>();
    for (CallDraft call : reading.calls) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < call.attributes.size(); i++) {
        names.add(call.attributes.source(i) + "=" + call.attributes.value(i));
      }
      names.sort(null);
      calls.add(
          "%s %d %d %d %d %d %d %s"
              .formatted(
                  call.requestModel,
                  call.startedAtMicros,
                  call.inputTokens,
                  call.cacheReadTokens,
                  call.outputTokens,
                  call.ttftMicros,
                  call.session,
                  names));
    }
    return calls;
  }

  @Test
  void theSameCallComesOfEachForm() {
    String line = JSON.formatted(COUNTS, NESTED);
    List<String> expected = calls(LogFormat.LANGFUSE_OBSERVATIONS, line);
    String call = expected.get(0);
    assertEquals(1, expected.size());
    assertEquals(
        "gpt-4o 1791187200250000 100 40 7 500000",
        call.substring(0, call.indexOf(" 500000") + " 500000".length()));
    assertEquals(
        "[metadata.cost_center=CC-1, metadata.environment=production, metadata.name=draft,"
            + " metadata.prompt_name=p1, service=mail, tag=app:mail, tag=eu, x]",
        call.substring(call.indexOf('[')));
    String quoted = "{\"input\":\"100\",\"input_cached_tokens\":\"40\",\"output\":\"7\"}";
    assertEquals(expected, calls(LogFormat.LANGFUSE_OBSERVATIONS, JSON.formatted(quoted, NESTED)));
    assertEquals(expected, calls(LogFormat.LANGFUSE_OBSERVATIONS, JSON.formatted(COUNTS, FLAT)));
    String csv =
        """
        id,trace_id,project_id,environment,type,parent_observation_id,start_time,end_time,name,level,session_id,user_id,tags,trace_name,provided_model_name,usage_details,total_cost,completion_start_time,metadata,time_to_first_token,prompt_name
        o1,t1,p,production,GENERATION,,2026-10-05 08:00:00.250000,2026-10-05 08:00:03.250000,draft,DEFAULT,s1,u1,%s,mail,gpt-4o,%s,0.01,,%s,0.5,p1
        """
            .formatted(quoted("[\"app:mail\",\"eu, x\"]"), quoted(COUNTS), quoted(FLAT));
    assertEquals(expected, calls(LogFormat.LANGFUSE_OBSERVATIONS_CSV, csv));
  }

  private static String quoted(String json) {
    return '"' + json.replace("\"", "\"\"") + '"';
  }

  @Test
  void aNameOfARunTakesTheAgentsOfAFlatAttribute() {
    String line =
        JSON.formatted(COUNTS, FLAT).replace("\"trace_name\":\"mail\"", "\"trace_name\":\"chat\"");
    String call = calls(LogFormat.LANGFUSE_OBSERVATIONS, line).get(0);
    assertNotEquals(-1, call.indexOf("service=triage"), call);
    assertEquals(-1, call.indexOf("gen_ai.prompt"), call);
  }
}
