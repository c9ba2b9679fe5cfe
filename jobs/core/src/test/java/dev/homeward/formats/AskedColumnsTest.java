package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.formats.gateway.LiteLlmSpendLog;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.tracer.LangfuseObservation;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What is asked of a table is what its reader reads: a column that a reader learns and that a
 * database is not asked for would be missing from reviews of the database alone, and nobody would
 * see it.
 */
final class AskedColumnsTest {
  private static JsonAdapter spendLog() {
    return new LiteLlmSpendLog(Reading.NOTHING_GIVEN);
  }

  private static Set<String> spendLogTexts() throws ClassNotFoundException {
    Class<?> row = Class.forName("dev.homeward.formats.gateway.LiteLlmRow");
    Set<String> texts = ReadFields.texts(LiteLlmSpendLog.class, row);
    assertTrue(texts.size() > 50, texts::toString);
    return texts;
  }

  private static Set<String> sorted(Collection<String> names, String... more) {
    Set<String> all = new TreeSet<>(names);
    all.addAll(Set.of(more));
    return all;
  }

  @Test
  void theSpendLogsColumnsAreThoseThatItsReaderReads() throws ClassNotFoundException {
    Set<String> texts = spendLogTexts();
    Set<String> asked = sorted(LiteLlmSpendLog.COLUMNS, LiteLlmSpendLog.METADATA);
    assertEquals(
        asked, ReadFields.ofJson(AskedColumnsTest::spendLog, texts, field -> "{" + field + "}"));
    assertEquals(
        asked,
        ReadFields.ofCsv(
            LogFormat.LITELLM_SPENDLOGS_CSV,
            texts,
            "startTime,endTime,model,prompt_tokens,completion_tokens,status",
            "2026-10-05 08:00:00,2026-10-05 08:00:02,gpt-4o,100,10,success"));
  }

  @Test
  void theSpendLogsKeysOfMetadataAreThoseThatItsReaderReads() throws ClassNotFoundException {
    Set<String> texts = spendLogTexts();
    assertEquals(
        sorted(LiteLlmSpendLog.METADATA_KEYS, LiteLlmSpendLog.MODEL_MAP),
        ReadFields.ofJson(
            AskedColumnsTest::spendLog, texts, field -> "{\"metadata\":{" + field + "}}"));
    assertEquals(
        Set.of(LiteLlmSpendLog.MODEL_MAP_KEY, LiteLlmSpendLog.MODEL_MAP_VALUE),
        ReadFields.ofJson(
            AskedColumnsTest::spendLog,
            texts,
            field -> "{\"metadata\":{\"model_map_information\":{" + field + "}}}"));
  }

  @Test
  void langfusesColumnsAreThoseThatItsReaderReads() {
    Set<String> texts = ReadFields.texts(LangfuseObservation.class);
    Set<String> asked = sorted(LangfuseObservation.COLUMNS, LangfuseObservation.TTFT);
    assertEquals(
        asked,
        ReadFields.ofCsv(
            LogFormat.LANGFUSE_OBSERVATIONS_CSV,
            texts,
            "trace_id,type,start_time,usage_details,provided_model_name",
            "t,GENERATION,2026-10-05 08:00:00,{},gpt-4o"));
    Set<String> json =
        ReadFields.ofJson(
            () -> new LangfuseObservation(Reading.NOTHING_GIVEN),
            texts,
            field -> "{" + field + "}");
    // The names of the API are in camel case; two of them are one word and as old as it.
    json.removeIf(name -> name.matches(".*[A-Z].*") || Set.of("model", "usage").contains(name));
    assertEquals(asked, json);
  }
}
