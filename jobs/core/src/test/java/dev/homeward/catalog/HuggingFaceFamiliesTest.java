package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Architectures of published models, written down here in the words of their families, against the
 * parameters that their makers publish: a family that is counted wrongly misses them by per cents.
 */
final class HuggingFaceFamiliesTest {
  private static final String QWEN_HYBRID =
      "'linear_conv_kernel_dim':4,'linear_key_head_dim':128,'linear_num_key_heads':16,"
          + "'linear_value_head_dim':128,'head_dim':256,'full_attention_interval':4,";

  @TempDir Path folder;

  /** What openai/gpt-oss counts: 20,914,757,184 and 116,829,156,672, biases and sinks included. */
  @Test
  void gptOss() throws IOException {
    String both =
        "'model_type':'gpt_oss','hidden_size':2880,'intermediate_size':2880,'num_attention_heads':64,"
            + "'num_key_value_heads':8,'head_dim':64,'vocab_size':201088,'num_experts_per_tok':4,"
            + "'attention_bias':true,'sliding_window':128,'max_position_embeddings':131072,"
            + "'tie_word_embeddings':false,'quantization_config':{'quant_method':'mxfp4'},";
    LocalModel small =
        imported(both + "'num_hidden_layers':24,'num_local_experts':32,'layer_types':" + turns(12));
    assertEquals(20_914_757_184L, small.architecture().parameters());
    assertEquals(12, small.architecture().attention().slidingWindowLayers());
    assertEquals(128, small.architecture().attention().slidingWindow());
    assertEquals(List.of("mxfp4"), small.quantizations());
    LocalModel large = imported(both + "'num_hidden_layers':36,'num_local_experts':128");
    assertEquals(116_829_156_672L, large.architecture().parameters());
    assertEquals(18, large.architecture().attention().slidingWindowLayers());
  }

  /** Qwen3-Next-80B-A3B: 79,674,391,296 parameters in its files. */
  @Test
  void gatedDeltaNets() throws IOException {
    LocalModel next =
        imported(
            "'model_type':'qwen3_next',"
                + QWEN_HYBRID
                + "'hidden_size':2048,'num_hidden_layers':48,'num_attention_heads':16,"
                + "'num_key_value_heads':2,'linear_num_value_heads':32,'num_experts':512,"
                + "'num_experts_per_tok':10,'moe_intermediate_size':512,'intermediate_size':5120,"
                + "'shared_expert_intermediate_size':512,'decoder_sparse_step':1,'mlp_only_layers':[],"
                + "'vocab_size':151936,'max_position_embeddings':262144,'tie_word_embeddings':false");
    assertNear(79_674_391_296.0, next, 1e-6);
    assertEquals(3_874_929_408.0, active(next), 1e5);
    assertEquals(12, next.architecture().attention().fullLayers());
    // 36 x 32 x 128 x 128, and 36 x (2 x 16 x 128 + 32 x 128) x 3, in 16 bits: no type is named.
    assertEquals(
        new LocalModel.Recurrence(18_874_368, 884_736, 2), next.architecture().recurrence());
  }

  /** 42 full-rank heads where the config gives the family's own words in a text part. */
  @Test
  void qwen35MixtureInItsTextPart() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'qwen3_5_moe','tie_word_embeddings':false,'text_config':{'model_type':'qwen3_5_moe_text',"
                + QWEN_HYBRID
                + "'hidden_size':3072,'num_hidden_layers':48,'num_attention_heads':32,"
                + "'num_key_value_heads':2,'linear_num_value_heads':64,'num_experts':256,"
                + "'num_experts_per_tok':8,'moe_intermediate_size':1024,'mamba_ssm_dtype':'float32',"
                + "'shared_expert_intermediate_size':1024,'vocab_size':248320,"
                + "'max_position_embeddings':262144}");
    // What the catalog has of Qwen 3.5 122B-A10B.
    assertNear(122_111_526_912.0, m, 1e-5);
    assertEquals(9_771_288_576.0, active(m), 2e5);
    assertEquals(
        new LocalModel.Recurrence(37_748_736, 1_327_104, 4), m.architecture().recurrence());
  }

  /** Published: 1.026e12 (Kimi K2), 671.88e9 (DeepSeek V3.2 with its index), 29.94e9, 743.9e9. */
  @Test
  void latentAttentionWithAndWithoutAnIndex() throws IOException {
    String deepSeek =
        "'hidden_size':7168,'intermediate_size':18432,'moe_intermediate_size':2048,"
            + "'num_hidden_layers':61,'num_experts_per_tok':8,'n_shared_experts':1,'kv_lora_rank':512,"
            + "'q_lora_rank':1536,'qk_rope_head_dim':64,'qk_nope_head_dim':128,'v_head_dim':128,"
            + "'topk_method':'noaux_tc','tie_word_embeddings':false,'moe_layer_freq':1,"
            + "'max_position_embeddings':131072,";
    LocalModel kimi =
        imported(
            "'model_type':'kimi_k2',"
                + deepSeek
                + "'num_attention_heads':64,'num_key_value_heads':64,'n_routed_experts':384,"
                + "'first_k_dense_replace':1,'vocab_size':163840");
    assertNear(1_026_408_232_448.0, kimi, 1e-6);
    assertEquals(128, kimi.architecture().attention().headDim());
    String v32 =
        "'model_type':'deepseek_v32',"
            + deepSeek
            + "'num_attention_heads':128,'num_key_value_heads':128,'n_routed_experts':256,"
            + "'first_k_dense_replace':3,'vocab_size':129280";
    LocalModel sparse = imported(v32);
    assertNear(671_877_928_448.0, sparse, 1e-6);
    assertEquals(2048, sparse.architecture().attention().attendedTokens());
    LocalModel plain = imported(v32.replace("deepseek_v32", "deepseek_v3"));
    assertNear(671_026_419_200.0, plain, 1e-6);
    LocalModel flash =
        imported(
            "'model_type':'glm4_moe_lite','hidden_size':2048,'intermediate_size':10240,"
                + "'moe_intermediate_size':1536,'num_hidden_layers':47,'num_attention_heads':20,"
                + "'num_key_value_heads':20,'n_routed_experts':64,'num_experts_per_tok':4,"
                + "'n_shared_experts':1,'first_k_dense_replace':1,'kv_lora_rank':512,'q_lora_rank':768,"
                + "'qk_rope_head_dim':64,'qk_nope_head_dim':192,'v_head_dim':256,'vocab_size':154880,"
                + "'max_position_embeddings':202752,'tie_word_embeddings':false");
    assertNear(29_943_393_920.0, flash, 1e-5);
    assertEquals(224, flash.architecture().attention().headDim());
    LocalModel five =
        imported(
            "'model_type':'glm_moe_dsa','hidden_size':6144,'intermediate_size':12288,"
                + "'moe_intermediate_size':2048,'num_hidden_layers':78,'num_attention_heads':64,"
                + "'num_key_value_heads':64,'head_dim':64,'n_routed_experts':256,'num_experts_per_tok':8,"
                + "'n_shared_experts':1,'first_k_dense_replace':3,'kv_lora_rank':512,'q_lora_rank':2048,"
                + "'qk_rope_head_dim':64,'qk_nope_head_dim':192,'v_head_dim':256,'vocab_size':154880,"
                + "'max_position_embeddings':202752,'tie_word_embeddings':false");
    assertNear(744e9, five, 0.005);
    assertEquals(2048, five.architecture().attention().attendedTokens());
  }

  /** MiniMax M2: 228,689,304,576, 11.03e9 active; its shared expert has the size 0. */
  @Test
  void sharedExpertsOfSizeNoneAreNone() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'minimax_m2','hidden_size':3072,'intermediate_size':1536,"
                + "'num_hidden_layers':62,'num_attention_heads':48,'num_key_value_heads':8,"
                + "'head_dim':128,'num_local_experts':256,'num_experts_per_tok':8,"
                + "'shared_intermediate_size':0,'attn_type_list':"
                + Collections.nCopies(62, 1)
                + ",'vocab_size':200064,'max_position_embeddings':196608,'use_routing_bias':true,"
                + "'tie_word_embeddings':false,'quantization_config':{'quant_method':'fp8',"
                + "'weight_block_size':[128,128]}");
    assertNear(228_689_304_576.0, m, 1e-5);
    assertEquals(11_030_092_800.0, active(m), 1e6);
    assertEquals(0, m.architecture().forward().sharedExperts());
    assertEquals(62, m.architecture().attention().fullLayers());
    assertEquals(List.of("fp8"), m.quantizations());
  }

  /**
   * Maverick: 400.7e9 without its tower of 870e6; Scout 107.77e9; three of four layers in chunks.
   */
  @Test
  void llama4() throws IOException {
    String both =
        "'model_type':'llama4','vision_config':{'model_type':'llama4_vision_model','hidden_size':1408,"
            + "'intermediate_size':5632,'num_hidden_layers':34,'image_size':336,'patch_size':14,"
            + "'projector_input_dim':4096,'projector_output_dim':4096},'text_config':{"
            + "'model_type':'llama4_text','hidden_size':5120,'intermediate_size':8192,"
            + "'intermediate_size_mlp':16384,'num_hidden_layers':48,'num_attention_heads':40,"
            + "'num_key_value_heads':8,'head_dim':128,'num_experts_per_tok':1,'vocab_size':202048,"
            + "'attention_chunk_size':8192,'max_position_embeddings':1048576,";
    LocalModel maverick = imported(both + "'interleave_moe_layer_step':2,'num_local_experts':128}");
    assertNear(400_711_848_960.0, maverick, 1e-5);
    assertEquals(870e6, (double) maverick.architecture().towerParameters(), 3e6);
    assertEquals(24, maverick.architecture().forward().denseLayers());
    assertEquals(16_384, maverick.architecture().forward().denseWidth());
    assertEquals(36, maverick.architecture().attention().slidingWindowLayers());
    LocalModel scout =
        imported(
            both
                + "'interleave_moe_layer_step':1,'num_local_experts':16,'no_rope_layers':[],"
                + "'moe_layers':"
                + places(0, 48)
                + "}");
    assertNear(107_769_861_120.0, scout, 1e-5);
    assertEquals(0, scout.architecture().forward().denseLayers());
  }

  /**
   * Gemma 3 4B names six fields; its class has the rest. Published: 3.88e9 and a tower of 420e6.
   */
  @Test
  void whatAConfigLeavesOutIsItsClassesDefault() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'gemma3','text_config':{'model_type':'gemma3_text','hidden_size':2560,"
                + "'intermediate_size':10240,'num_hidden_layers':34,'sliding_window':1024},"
                + "'vision_config':{'model_type':'siglip_vision_model','hidden_size':1152,"
                + "'intermediate_size':4304,'num_hidden_layers':27,'patch_size':14,'image_size':896}");
    assertNear(3_880_263_168.0, m, 1e-5);
    assertEquals(29, m.architecture().attention().slidingWindowLayers());
    assertEquals(true, m.architecture().tiedEmbeddings());
    assertEquals(420e6, (double) m.architecture().towerParameters(), 1e6);
  }

  /**
   * Gemma 4: 30.7e9 (31B), 25.2e9 with 3.8e9 active (26B-A4B), 5.1e9 (E2B, 2.3e9 of them tables).
   */
  @Test
  void gemma4() throws IOException {
    String both =
        "'vocab_size':262144,'head_dim':256,'global_head_dim':512,'max_position_embeddings':262144,"
            + "'attention_k_eq_v':true,'sliding_window':1024,";
    LocalModel dense =
        imported(
            "'model_type':'gemma4','text_config':{'model_type':'gemma4_text',"
                + both
                + "'hidden_size':5376,'intermediate_size':21504,'num_hidden_layers':60,"
                + "'num_attention_heads':32,'num_key_value_heads':16,'num_global_key_value_heads':4,"
                + "'num_experts':null,'enable_moe_block':false,'hidden_size_per_layer_input':0}");
    assertNear(30.7e9, dense, 0.002);
    // 50 layers x 2 x 16 x 256 and 10 x 2 x 4 x 512.
    assertEquals(450_560, dense.architecture().attention().kvElements());
    assertEquals(4, dense.architecture().attention().kvHeads());
    LocalModel mixture =
        imported(
            "'model_type':'gemma4','text_config':{'model_type':'gemma4_text',"
                + both
                + "'hidden_size':2816,'intermediate_size':2112,'num_hidden_layers':30,"
                + "'num_attention_heads':16,'num_key_value_heads':8,'num_global_key_value_heads':2,"
                + "'num_experts':128,'top_k_experts':8,'moe_intermediate_size':704,"
                + "'enable_moe_block':true}");
    assertNear(25.2e9, mixture, 0.01);
    assertEquals(3.8e9, active(mixture), 0.1e9);
    assertEquals(3, mixture.architecture().forward().sharedExperts());
    LocalModel small =
        imported(
            "'model_type':'gemma4','text_config':{'model_type':'gemma4_text','vocab_size':262144,"
                + "'vocab_size_per_layer_input':262144,'head_dim':256,'global_head_dim':512,"
                + "'hidden_size':1536,'intermediate_size':6144,'num_hidden_layers':35,"
                + "'num_attention_heads':8,'num_key_value_heads':1,'num_kv_shared_layers':20,"
                + "'hidden_size_per_layer_input':256,'use_double_wide_mlp':true,'sliding_window':512,"
                + "'sliding_window_pattern':5}");
    assertNear(4.65e9, small, 0.02);
    // 15 layers of their own, every fifth over everything: 12 x 2 x 256 + 3 x 2 x 512.
    assertEquals(9216, small.architecture().attention().kvElements());
  }

  private static String turns(int times) {
    return "["
        + String.join(",", Collections.nCopies(times, "'sliding_attention','full_attention'"))
        + "]";
  }

  static String places(int from, int to) {
    StringBuilder list = new StringBuilder("[");
    for (int place = from; place < to; place++) {
      list.append(place == from ? "" : ",").append(place);
    }
    return list.append("]").toString();
  }

  private static double active(LocalModel model) {
    return model.architecture().activeParameters();
  }

  private static void assertNear(double published, LocalModel model, double share) {
    assertEquals(1.0, model.architecture().parameters() / published, share, model.id());
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
