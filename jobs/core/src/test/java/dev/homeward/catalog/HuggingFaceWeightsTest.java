package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weight formats as tools that quantise write them, and configs that are damaged or hostile. */
final class HuggingFaceWeightsTest {
  private static final String DENSE =
      "'model_type':'qwen3','num_hidden_layers':2,'hidden_size':64,'num_attention_heads':4,"
          + "'intermediate_size':128,'vocab_size':100,'max_position_embeddings':1000";
  private static final String MIXTURE =
      DENSE.replace("qwen3", "qwen3_moe")
          + ",'num_experts':8,'num_experts_per_tok':2,'moe_intermediate_size':32";

  @TempDir Path folder;

  @Test
  void formatsByTheirMethods() throws IOException {
    assertEquals("fp8", of(DENSE, "'quant_method':'fp8','weight_block_size':[128,128]"));
    assertEquals("awq-4bit", of(DENSE, "'quant_method':'awq','bits':4,'group_size':128"));
    assertEquals("awq-4bit-g32", of(DENSE, "'quant_method':'awq','bits':4,'group_size':32"));
    assertEquals("gptq-4bit", of(DENSE, "'quant_method':'gptq','bits':4,'group_size':128"));
    assertEquals("gptq-4bit", of(DENSE, "'quant_method':'gptq','bits':4,'group_size':-1"));
    assertEquals(
        "mxfp4", of(MIXTURE, "'quant_method':'mxfp4','modules_to_not_convert':['lm_head']"));
    assertEquals("bnb-4bit", of(DENSE, "'quant_method':'bitsandbytes','load_in_4bit':true"));
    assertEquals("bnb-8bit", of(DENSE, "'quant_method':'bitsandbytes','load_in_8bit':true"));
    assertEquals("mlx-4bit", of(DENSE, "'group_size':64,'bits':4"));
    assertEquals("nvfp4", of(DENSE, "'quant_method':'modelopt','quant_algo':'NVFP4'"));
    assertEquals("fp8", of(DENSE, "'quant_method':'modelopt','quant_algo':'FP8'"));
    assertEquals("awq-4bit", of(DENSE, "'quant_method':'modelopt','quant_algo':'W4A16_AWQ'"));
    assertEquals(
        "gptq-4bit",
        of(
            DENSE,
            "'quant_method':'auto-round','bits':4,'group_size':128,'packing_format':'auto_round:auto_gptq'"));
  }

  @Test
  void compressedTensorsByTheirBitsAndGroups() throws IOException {
    String four = "'weights':{'num_bits':4,'type':'int','group_size':32,'strategy':'group'}";
    String tensors = "'quant_method':'compressed-tensors','format':'pack-quantized',";
    assertEquals(
        "int4-experts",
        of(
            MIXTURE,
            tensors
                + "'ignore':['lm_head','re:.*self_attn.*'],'config_groups':{'group_0':{'targets':['Linear'],"
                + four
                + "}}"));
    assertEquals(
        "awq-4bit-g32",
        of(DENSE, tensors + "'ignore':['lm_head'],'config_groups':{'group_0':{" + four + "}}"));
    assertEquals(
        "fp8",
        of(
            DENSE,
            tensors + "'config_groups':{'group_0':{'weights':{'num_bits':8,'type':'float'}}}"));
    // FP8 for attention, NVFP4 for the experts: those hold the weights.
    assertEquals(
        "nvfp4",
        of(
            MIXTURE,
            "'quant_method':'compressed-tensors','format':'mixed-precision','config_groups':{"
                + "'group_0':{'format':'float-quantized','weights':{'num_bits':8,'type':'float'}},"
                + "'group_1':{'format':'nvfp4-pack-quantized','weights':{'num_bits':4,'type':'float','group_size':16}}}"));
  }

  @Test
  void modelOptsOwnFileGoesFirst() throws IOException {
    Files.writeString(
        folder.resolve("hf_quant_config.json"),
        json("'quantization':{'quant_algo':'NVFP4','kv_cache_quant_algo':'FP8'}"));
    assertEquals("nvfp4", of(DENSE, "'quant_method':'awq','bits':4"));
    Files.writeString(
        folder.resolve("hf_quant_config.json"),
        json(
            "'quantization':{'quant_algo':'MIXED_PRECISION','quantized_layers':{"
                + "'model.layers.0.self_attn.q_proj':{'quant_algo':'FP8'},"
                + "'model.layers.0.self_attn.k_proj':{'quant_algo':'FP8'},"
                + "'model.layers.0.mlp.experts.0.up_proj':{'quant_algo':'NVFP4'}}}"));
    assertEquals("nvfp4", of(MIXTURE, "'quant_method':'modelopt'"));
  }

  @Test
  void aFormatThatTheCatalogHasNoNameForIsRefusedWithAdvice() {
    InvalidInput e =
        assertThrows(
            InvalidInput.class, () -> of(DENSE, "'quant_method':'gptq','bits':3,'group_size':128"));
    assertTrue(
        e.getMessage().contains("quantization_config says integers of 3 bits in groups of 128"),
        e.getMessage());
    assertTrue(e.getMessage().contains("--quantization"), e.getMessage());
    InvalidInput other = assertThrows(InvalidInput.class, () -> of(DENSE, "'quant_method':'aqlm'"));
    assertTrue(other.getMessage().contains("says aqlm"), other.getMessage());
  }

  @Test
  void theNameOfACheckpointIsTheLastToBeAsked() throws IOException {
    Path file = folder.resolve("nvidia--Net-NVFP4_config.json");
    Files.writeString(file, json(DENSE));
    assertEquals("nvfp4", format(file));
    Path plain = folder.resolve("config.json");
    Files.writeString(plain, json(DENSE));
    assertEquals("fp8, fp16, q8_0, q4_k_m", format(plain));
  }

  @Test
  void damageIsRefusedWithTheFieldsName() {
    refused(DENSE.replace("'hidden_size':64", "'hidden_size':-64"), "hidden_size is -64");
    refused(DENSE.replace("'hidden_size':64", "'hidden_size':NaN"), "hidden_size is NaN");
    refused(DENSE.replace("'hidden_size':64", "'hidden_size':[64]"), "hidden_size is a list");
    refused(DENSE.replace("'hidden_size':64", "'hidden_size':null"), "hidden_size is missing");
    refused(DENSE.replace("'hidden_size':64", "'hidden_size':1e300"), "hidden_size is 1");
    refused(
        DENSE.replace("'num_hidden_layers':2", "'num_hidden_layers':900000000"),
        "num_hidden_layers is 900000000 (at most 1000)");
    refused(DENSE + ",'layer_types':['full_attention']", "layer_types is a list of 1");
    refused(DENSE + ",'layer_types':['full_attention','telepathy']", "'telepathy'");
    refused(DENSE + ",'layer_types':[{},{}]", "layer_types is a list with an object");
    refused(
        DENSE
            .replace("'vocab_size':100", "'vocab_size':900000000")
            .replace("'hidden_size':64", "'hidden_size':900000000"),
        "more than any model has");
    refused(
        DENSE + ",'layer_types':['linear_attention','full_attention']",
        "linear_num_value_heads is missing");
    refused(
        DENSE.replace("qwen3", "qwen9"), "unknown model_type 'qwen9' (known: bert, deepseek_v2,");
    refused("'model_type':'mamba\\u001b[31m'", "mamba\\u001b");
    refused("'model_type':7", "unknown model_type ''");
  }

  @Test
  void nestingWithoutEndIsAMessage() throws IOException {
    Path file = folder.resolve("deep.json");
    Files.writeString(file, "{\"text_config\":".repeat(50_000));
    InvalidInput e = assertThrows(InvalidInput.class, () -> format(file));
    assertTrue(e.getMessage().startsWith("Cannot read "), e.getMessage());
  }

  private void refused(String fields, String message) {
    InvalidInput e = assertThrows(InvalidInput.class, () -> of(fields, "'quant_method':'fp8'"));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains("config.json"), e.getMessage());
  }

  private String of(String model, String quantization) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, json(model + ",'quantization_config':{" + quantization + "}"));
    return format(file);
  }

  private static String format(Path file) {
    String yaml = HuggingFaceConfig.read(file, "m", Tier.SMALL, "2026-11-20", List.of()).yaml();
    int from = yaml.indexOf("quantizations: [") + "quantizations: [".length();
    String formats = yaml.substring(from, yaml.indexOf(']', from));
    // Every name is the catalog's.
    for (String format : formats.split(", ", -1)) {
      Catalog.standard().quantization(format);
    }
    return formats;
  }

  private static String json(String fields) {
    return "{" + fields.replace('\'', '"') + "}";
  }
}
