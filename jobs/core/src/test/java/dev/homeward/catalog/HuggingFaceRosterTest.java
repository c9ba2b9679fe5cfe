package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models whose configs AIConfigurator ships, by their types: models/roster.csv names them.
 * Shapes are written here from what their makers publish; parameters are those of their files, or
 * the makers' round figures. Types that are not here stand in the tests of families and hybrids.
 */
final class HuggingFaceRosterTest {
  @TempDir Path folder;

  /** Every type of the roster can be read, and each is tried by a test: here or in its family's. */
  @Test
  void everyTypeOfTheRosterIsKnown() {
    Map<String, Integer> types = new TreeMap<>();
    for (String line : roster()) {
      types.merge(line.split(",")[1], 1, Integer::sum);
    }
    int known = 0;
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, Integer> type : types.entrySet()) {
      if (ConfigFamilies.isKnown(ConfigFamilies.of(type.getKey()))) {
        known += type.getValue();
      } else {
        unknown.add(type.getKey());
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(known >= 75, known + " of the roster's models");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // name, layers, hidden, heads, heads of keys, feed-forward, vocabulary, tied, parameters
    "llama-3.1-8b, 32, 4096, 32, 8, 14336, 128256, false, 8030261248",
    "llama-3.1-70b, 80, 8192, 64, 8, 28672, 128256, false, 70553706496",
    "llama-3.1-405b, 126, 16384, 128, 8, 53248, 128256, false, 405853388800",
    "qwen3-0.6b, 28, 1024, 16, 8, 3072, 151936, true, 596049920",
    "qwen3-1.7b, 28, 2048, 16, 8, 6144, 151936, true, 1720574976",
    "qwen3-8b, 36, 4096, 32, 8, 12288, 151936, false, 8190735360",
    "qwen3-32b, 64, 5120, 64, 8, 25600, 151936, false, 32762123264",
    // 7.83e9 published, less the layer that drafts ahead: 177.2e6 + 2 x 4096 x 4096.
    "mimo-7b, 36, 4096, 32, 8, 11008, 151680, false, 7622619136"
  })
  void denseModels(
      String name,
      int layers,
      int hidden,
      int heads,
      int keyHeads,
      int forward,
      int vocabulary,
      boolean tied,
      double parameters)
      throws IOException {
    LocalModel m =
        imported(
            ("'model_type':'%s','num_hidden_layers':%d,'hidden_size':%d,'num_attention_heads':%d,"
                    + "'num_key_value_heads':%d,'head_dim':128,'intermediate_size':%d,"
                    + "'vocab_size':%d,'tie_word_embeddings':%b,'max_position_embeddings':32768")
                .formatted(
                    name.substring(0, name.indexOf('-')),
                    layers,
                    hidden,
                    heads,
                    keyHeads,
                    forward,
                    vocabulary,
                    tied));
    assertEquals(1.0, m.architecture().parameters() / parameters, 1e-4);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // type, name, layers, hidden, heads, of keys, experts, chosen, width, vocabulary, all, active
    "qwen3_moe, 30b, 48, 2048, 32, 4, 128, 8, 768, 151936, 30532122624, 3.35e9",
    "qwen3_moe, 235b, 94, 4096, 64, 4, 128, 8, 1536, 151936, 235093634560, 22.19e9",
    "qwen3_moe, coder, 62, 6144, 96, 8, 160, 8, 2560, 151936, 480154875392, 35.47e9",
    "mixtral, 8x7b, 32, 4096, 32, 8, 8, 2, 14336, 32000, 46702792704, 12.88e9",
    "mixtral, 8x22b, 56, 6144, 48, 8, 8, 2, 16384, 32768, 140630071296, 39.16e9",
    // Three layers without experts, one expert shared; published 355e9 with what drafts ahead.
    "glm4_moe, 4.7, 92, 5120, 96, 8, 160, 8, 1536, 151552, 352.8e9, 33.7e9"
  })
  void mixtures(
      String type,
      String name,
      int layers,
      int hidden,
      int heads,
      int keyHeads,
      int experts,
      int chosen,
      int width,
      int vocabulary,
      double parameters,
      double active)
      throws IOException {
    String glm =
        "'first_k_dense_replace':3,'n_shared_experts':1,'intermediate_size':12288,"
            + "'attention_bias':true,'use_qk_norm':true,'n_routed_experts':";
    String fields =
        switch (type) {
          case "mixtral" -> "'num_local_experts':" + experts + ",'intermediate_size':" + width;
          case "glm4_moe" -> glm + experts + ",'moe_intermediate_size':" + width;
          default ->
              "'num_experts':%d,'intermediate_size':12288,'moe_intermediate_size':%d"
                  .formatted(experts, width);
        };
    LocalModel m =
        imported(
            ("'model_type':'%s','num_hidden_layers':%d,'hidden_size':%d,'num_attention_heads':%d,"
                    + "'num_key_value_heads':%d,'head_dim':128,'num_experts_per_tok':%d,"
                    + "'vocab_size':%d,'tie_word_embeddings':false,"
                    + "'max_position_embeddings':32768,%s")
                .formatted(type, layers, hidden, heads, keyHeads, chosen, vocabulary, fields));
    double exact = type.equals("glm4_moe") ? 0.005 : 1e-4;
    assertEquals(1.0, m.architecture().parameters() / parameters, exact);
    assertEquals(1.0, m.architecture().activeParameters() / active, 0.01);
  }

  /** Qwen1.5-MoE-A2.7B: 14,315,784,192 with four experts' width that all tokens share. */
  @Test
  void anExpertThatAllTokensShareHasAWidthOfItsOwn() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'qwen2_moe','num_hidden_layers':24,'hidden_size':2048,"
                + "'num_attention_heads':16,'num_key_value_heads':16,'intermediate_size':5632,"
                + "'moe_intermediate_size':1408,'shared_expert_intermediate_size':5632,"
                + "'num_experts':60,'num_experts_per_tok':4,'vocab_size':151936,"
                + "'tie_word_embeddings':false,'max_position_embeddings':8192,"
                + "'use_sliding_window':false,'max_window_layers':21");
    assertEquals(1.0, m.architecture().parameters() / 14_315_784_192.0, 1e-5);
    assertEquals(2.7e9, (double) m.architecture().activeParameters(), 0.05e9);
  }

  /** The text parts of Qwen3-VL are those of Qwen3; 235B's tower has 27 layers of 1,152. */
  @Test
  void visionStandsBesideTheSameText() throws IOException {
    String vision =
        "'vision_config':{'model_type':'%s','depth':27,'hidden_size':1152,"
            + "'intermediate_size':4304,'out_hidden_size':%d,'patch_size':16,"
            + "'spatial_merge_size':2,'temporal_patch_size':2,'num_position_embeddings':2304,"
            + "'deepstack_visual_indexes':[8,16,24]}";
    LocalModel dense =
        imported(
            "'model_type':'qwen3_vl','text_config':{'model_type':'qwen3_vl_text',"
                + "'num_hidden_layers':64,'hidden_size':5120,'num_attention_heads':64,"
                + "'num_key_value_heads':8,'head_dim':128,'intermediate_size':25600,"
                + "'vocab_size':151936,'max_position_embeddings':262144},"
                + "'tie_word_embeddings':false,"
                + vision.formatted("qwen3_vl", 5120));
    assertEquals(1.0, dense.architecture().parameters() / 32_762_123_264.0, 1e-4);
    LocalModel mixture =
        imported(
            "'model_type':'qwen3_vl_moe','text_config':{'model_type':'qwen3_vl_moe_text',"
                + "'num_hidden_layers':94,'hidden_size':4096,'num_attention_heads':64,"
                + "'num_key_value_heads':4,'head_dim':128,'intermediate_size':12288,"
                + "'moe_intermediate_size':1536,'num_experts':128,'num_experts_per_tok':8,"
                + "'vocab_size':151936,'max_position_embeddings':262144,'mlp_only_layers':[],"
                + "'decoder_sparse_step':1},'tie_word_embeddings':false,"
                + vision.formatted("qwen3_vl_moe", 4096));
    assertEquals(1.0, mixture.architecture().parameters() / 235_093_634_560.0, 1e-4);
    // 27 x (4 x 1152^2 + 2 x 1152 x 4304) is 0.411e9; four mergers of 4608 x (4608 + 4096) 0.160e9.
    assertEquals(0.576e9, (double) mixture.architecture().towerParameters(), 0.005e9);
    assertTrue(mixture.abilities().modalities().contains("image"), mixture.toString());
  }

  /** Laguna XS.2: 33.4e9, 3e9 active: heads differ by layer and each is gated by one number. */
  @Test
  void headsThatDifferByLayerAndAreGated() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'laguna','vocab_size':100352,'hidden_size':2048,'intermediate_size':8192,"
                + "'num_hidden_layers':40,'num_attention_heads':48,'num_key_value_heads':8,"
                + "'head_dim':128,'max_position_embeddings':262144,'num_experts':256,"
                + "'num_experts_per_tok':8,'moe_intermediate_size':512,"
                + "'shared_expert_intermediate_size':512,'tie_word_embeddings':false,"
                + "'gating':true,'sliding_window':512,'mlp_layer_types':"
                + list(40, "'sparse'", 1, "'dense'")
                + ",'layer_types':"
                + turns(40, "'full_attention'", "'sliding_attention'")
                + ",'num_attention_heads_per_layer':"
                + turns(40, "48", "64"));
    assertEquals(33.4e9, (double) m.architecture().parameters(), 0.1e9);
    assertEquals(3e9, (double) m.architecture().activeParameters(), 0.1e9);
    assertEquals(30, m.architecture().attention().slidingWindowLayers());
    assertEquals(60, m.architecture().attention().heads());
  }

  /** Kimi K2.5 has K2's text, 1,026,408,232,448, in four bits, and a tower. */
  @Test
  void kimiWithATower() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'kimi_k25','text_config':{'model_type':'kimi_k2','hidden_size':7168,"
                + "'intermediate_size':18432,'moe_intermediate_size':2048,'num_hidden_layers':61,"
                + "'num_attention_heads':64,'num_key_value_heads':64,'n_routed_experts':384,"
                + "'num_experts_per_tok':8,'n_shared_experts':1,'first_k_dense_replace':1,"
                + "'kv_lora_rank':512,'q_lora_rank':1536,'qk_rope_head_dim':64,"
                + "'qk_nope_head_dim':128,'v_head_dim':128,'topk_method':'noaux_tc',"
                + "'vocab_size':163840,'max_position_embeddings':262144,"
                + "'tie_word_embeddings':false,'quantization_config':{"
                + "'quant_method':'compressed-tensors','format':'pack-quantized','ignore':"
                + "['re:.*self_attn.*','re:.*shared_experts.*'],'config_groups':{'group_0':{"
                + "'weights':{'num_bits':4,'group_size':32,'type':'int'}}}}},"
                + "'vision_config':{'vt_hidden_size':1152,'vt_num_hidden_layers':27,"
                + "'vt_intermediate_size':4304,'patch_size':14}");
    assertEquals(1.0, m.architecture().parameters() / 1_026_408_232_448.0, 1e-5);
    assertEquals(List.of("int4-experts"), m.quantizations());
    assertEquals(0.4e9, (double) m.architecture().towerParameters(), 0.1e9);
  }

  /**
   * Kimi K3: 2.8e12, 104e9 active (its makers' figures): 896 experts of 3 x 3,584 x 3,072 in 92
   * layers alone are 2.72e12. 24 of 93 layers have a cache.
   */
  @Test
  void kimiWithNarrowExperts() throws IOException {
    List<Integer> full = new ArrayList<>();
    for (int layer = 4; layer < 93; layer += 4) {
      full.add(layer);
    }
    full.add(93);
    LocalModel m =
        imported(
            "'model_type':'kimi_k3','text_config':{'model_type':'kimi_linear','hidden_size':7168,"
                + "'num_hidden_layers':93,'num_attention_heads':96,'num_key_value_heads':96,"
                + "'head_dim':128,'intermediate_size':33792,'first_k_dense_replace':1,"
                + "'num_experts':896,'num_experts_per_token':16,'moe_intermediate_size':3072,"
                + "'num_shared_experts':2,'routed_expert_hidden_size':3584,'q_lora_rank':1536,"
                + "'kv_lora_rank':512,'qk_nope_head_dim':128,'qk_rope_head_dim':64,"
                + "'v_head_dim':128,'mla_use_output_gate':true,'moe_layer_freq':1,"
                + "'max_position_embeddings':1048576,'vocab_size':163840,"
                + "'tie_word_embeddings':false,'linear_attn_config':{'full_attn_layers':"
                + full
                + ",'head_dim':128,'num_heads':96,'short_conv_kernel_size':4,"
                + "'use_full_rank_gate':true},'quantization_config':{"
                + "'quant_method':'compressed-tensors','format':'mxfp4-pack-quantized'}}");
    assertEquals(2.8e12, (double) m.architecture().parameters(), 0.04e12);
    assertEquals(104e9, (double) m.architecture().activeParameters(), 2e9);
    assertEquals(24, m.architecture().attention().fullLayers());
    assertEquals(List.of("mxfp4"), m.quantizations());
    // 69 x 96 x 128 x 128 of states.
    assertEquals(108_527_616, m.architecture().recurrence().stateElements());
  }

  /** DeepSeek V4 Pro: 1.6e12, 49e9 active. */
  @Test
  void theLargerCompressedCache() throws IOException {
    List<Integer> ratios = new ArrayList<>(List.of(128, 128));
    for (int pair = 0; pair < 29; pair++) {
      ratios.addAll(List.of(4, 128));
    }
    ratios.addAll(List.of(4, 0));
    LocalModel m =
        imported(
            "'model_type':'deepseek_v4','hidden_size':7168,'moe_intermediate_size':3072,"
                + "'num_hidden_layers':61,'num_attention_heads':128,'num_key_value_heads':1,"
                + "'head_dim':512,'q_lora_rank':1536,'o_lora_rank':1024,'o_groups':16,"
                + "'qk_rope_head_dim':64,'index_head_dim':128,'index_n_heads':64,"
                + "'index_topk':1024,'hc_mult':4,'n_routed_experts':384,'n_shared_experts':1,"
                + "'num_experts_per_tok':6,'topk_method':'noaux_tc','sliding_window':128,"
                + "'vocab_size':129280,'max_position_embeddings':1048576,"
                + "'tie_word_embeddings':false,'compress_ratios':"
                + ratios);
    assertEquals(1.6e12, (double) m.architecture().parameters(), 0.04e12);
    assertEquals(49e9, (double) m.architecture().activeParameters(), 1e9);
  }

  /** The makers' config names FP8 and, for the experts, FP4; NVIDIA's only the latter. */
  @Test
  void theFormatOfItsExpertsIsThatOfItsWeights() throws IOException {
    String fields =
        "'model_type':'qwen3_moe','num_hidden_layers':2,'hidden_size':64,"
            + "'num_attention_heads':4,'num_experts':8,'num_experts_per_tok':2,"
            + "'moe_intermediate_size':64,'intermediate_size':64,'vocab_size':100,"
            + "'tie_word_embeddings':false,'max_position_embeddings':4096,'expert_dtype':'fp4'";
    assertEquals(List.of("mxfp4"), imported(fields).quantizations());
    assertEquals(
        List.of("mxfp4"),
        imported(fields + ",'quantization_config':{'quant_method':'fp8'}").quantizations());
  }

  /** Nemotron-H 56B: 54 layers of Mamba-2, 54 of feed-forward, 10 of attention. */
  @Test
  void theLargerHybridByLetters() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'nemotron_h','hidden_size':8192,'intermediate_size':32768,"
                + "'num_hidden_layers':118,'hybrid_override_pattern':'"
                + "M-".repeat(54)
                + "*".repeat(10)
                + "','num_attention_heads':64,'num_key_value_heads':8,'attention_head_dim':128,"
                + "'mamba_num_heads':256,'mamba_head_dim':64,'ssm_state_size':256,'n_groups':8,"
                + "'conv_kernel':4,'vocab_size':131072,'max_position_embeddings':8192,"
                + "'tie_word_embeddings':false");
    assertEquals(56e9, (double) m.architecture().parameters(), 0.6e9);
    assertEquals(10, m.architecture().attention().fullLayers());
  }

  private static List<String> roster() {
    try (InputStream in = HuggingFaceRosterTest.class.getResourceAsStream("/models/roster.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("model,"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String turns(int count, String first, String others) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i % 4 == 0 ? first : others);
    }
    return all.toString();
  }

  private static String list(int count, String word, int before, String other) {
    List<String> all = new ArrayList<>(Collections.nCopies(before, other));
    all.addAll(Collections.nCopies(count - before, word));
    return all.toString();
  }

  private LocalModel imported(String fields) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{" + fields.replace('\'', '"') + "}");
    Path entry = folder.resolve("mine.yaml");
    Files.writeString(
        entry, HuggingFaceConfig.read(file, "mine", Tier.SMALL, "2026-11-20", List.of()).yaml());
    return Catalog.with(List.of(entry)).model("mine");
  }
}
