package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose layers are of several kinds, against the parameters that their makers publish. */
final class HuggingFaceHybridsTest {
  @TempDir Path folder;

  /**
   * Nemotron Nano 9B v2: 8,888,227,328. 27 layers of Mamba-2, 25 of feed-forward, 4 of attention;
   * its time_step_limit ends in Infinity.
   */
  @Test
  void mambaLayersByLetters() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'nemotron_h','hidden_size':4480,'intermediate_size':15680,"
                + "'num_hidden_layers':56,'hybrid_override_pattern':"
                + "'M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-',"
                + "'num_attention_heads':40,'num_key_value_heads':8,'head_dim':128,"
                + "'mamba_num_heads':128,'mamba_head_dim':80,'ssm_state_size':128,'n_groups':8,"
                + "'conv_kernel':4,'time_step_limit':[0.0,Infinity],'vocab_size':131072,"
                + "'max_position_embeddings':131072,'tie_word_embeddings':false");
    assertNear(8_888_227_328.0, m, 1e-5);
    assertEquals(4, m.architecture().attention().fullLayers());
    assertEquals(false, m.architecture().forward().gated());
    // 27 x 128 x 80 x 128; 27 x (10,240 + 2 x 8 x 128) x 3.
    assertEquals(new LocalModel.Recurrence(35_389_440, 995_328, 4), m.architecture().recurrence());
  }

  /** Nemotron 3 Nano 31,577,940,288, 3.58e9 active; Super 120,668,707,840 with latent experts. */
  @Test
  void mambaAndExpertsByWordsOrLetters() throws IOException {
    String nano =
        "'model_type':'nemotron_h','hidden_size':2688,'intermediate_size':1856,"
            + "'num_hidden_layers':52,'num_attention_heads':32,'num_key_value_heads':2,'head_dim':128,"
            + "'mamba_num_heads':64,'mamba_head_dim':64,'ssm_state_size':128,'n_groups':8,"
            + "'conv_kernel':4,'n_routed_experts':128,'num_experts_per_tok':6,'n_shared_experts':1,"
            + "'moe_intermediate_size':1856,'moe_shared_expert_intermediate_size':3712,"
            + "'vocab_size':131072,'max_position_embeddings':262144,'tie_word_embeddings':false,";
    LocalModel letters =
        imported(nano + "'hybrid_override_pattern':'" + "ME".repeat(20) + "MEMM*E*E****'");
    LocalModel words =
        imported(nano + "'layers_block_type':" + kinds(23, "mamba", 23, "moe", 6, "attention"));
    assertEquals(52, letters.architecture().layers());
    assertEquals(letters.architecture(), words.architecture());
    assertNear(31_577_940_288.0, words, 1e-5);
    assertEquals(3.58e9, (double) words.architecture().activeParameters(), 0.01e9);
    assertEquals(1237, words.architecture().forward().width());
    assertEquals(29, words.architecture().forward().denseLayers());
    LocalModel large =
        imported(
            "'model_type':'nemotron_h','hidden_size':4096,'intermediate_size':2688,"
                + "'num_hidden_layers':88,'num_attention_heads':32,'num_key_value_heads':2,"
                + "'head_dim':128,'mamba_num_heads':128,'mamba_head_dim':64,'ssm_state_size':128,"
                + "'n_groups':8,'conv_kernel':4,'n_routed_experts':512,'num_experts_per_tok':22,"
                + "'moe_latent_size':1024,'n_shared_experts':1,'moe_intermediate_size':2688,"
                + "'moe_shared_expert_intermediate_size':5376,'vocab_size':131072,"
                + "'max_position_embeddings':262144,'tie_word_embeddings':false,"
                + "'layers_block_type':"
                + kinds(40, "mamba", 40, "moe", 8, "attention"));
    assertNear(120_668_707_840.0, large, 1e-4);
    assertEquals(448, large.architecture().forward().width());
  }

  /** Granite 4.0 H Tiny: 6,939,037,248; H Micro 3,191,396,096 has no experts. */
  @Test
  void granite() throws IOException {
    String both =
        "'model_type':'granitemoehybrid','num_hidden_layers':40,'mamba_d_head':64,"
            + "'mamba_d_state':128,'mamba_n_groups':1,'mamba_d_conv':4,'vocab_size':100352,"
            + "'max_position_embeddings':131072,'tie_word_embeddings':true,'layer_types':"
            + kinds(36, "mamba", 4, "attention", 0, "attention")
            + ",";
    LocalModel tiny =
        imported(
            both
                + "'hidden_size':1536,'num_attention_heads':12,'num_key_value_heads':4,"
                + "'mamba_n_heads':48,'num_local_experts':64,'num_experts_per_tok':6,"
                + "'intermediate_size':512,'shared_intermediate_size':1024");
    assertNear(6_939_037_248.0, tiny, 1e-4);
    assertEquals(2, tiny.architecture().forward().sharedExperts());
    LocalModel micro =
        imported(
            both
                + "'hidden_size':2048,'num_attention_heads':32,'num_key_value_heads':8,"
                + "'mamba_n_heads':64,'num_local_experts':0,'num_experts_per_tok':0,"
                + "'intermediate_size':8192,'shared_intermediate_size':8192");
    assertNear(3_191_396_096.0, micro, 1e-4);
    assertEquals(0, micro.architecture().forward().experts());
  }

  /** Kimi Linear 48B-A3B: 49.1e9 in its files, 3e9 active; seven layers of 27 have a cache. */
  @Test
  void kimiLinear() throws IOException {
    LocalModel m =
        imported(
            "'model_type':'kimi_linear','hidden_size':2304,'intermediate_size':9216,"
                + "'num_hidden_layers':27,'num_attention_heads':32,'num_key_value_heads':32,"
                + "'head_dim':72,'kv_lora_rank':512,'q_lora_rank':null,'qk_nope_head_dim':128,"
                + "'qk_rope_head_dim':64,'v_head_dim':128,'num_experts':256,"
                + "'num_experts_per_token':8,'num_shared_experts':1,'moe_intermediate_size':1024,"
                + "'first_k_dense_replace':1,'moe_layer_freq':1,'vocab_size':163840,"
                + "'model_max_length':1048576,'tie_word_embeddings':false,'linear_attn_config':{"
                + "'full_attn_layers':[4,8,12,16,20,24,27],'head_dim':128,'num_heads':32,"
                + "'short_conv_kernel_size':4}");
    assertNear(49.12e9, m, 0.002);
    assertEquals(3.1e9, (double) m.architecture().activeParameters(), 0.4e9);
    assertEquals(7, m.architecture().attention().fullLayers());
    assertEquals(1_048_576, m.abilities().contextWindow());
    // 20 x 32 x 128 x 128.
    assertEquals(10_485_760, m.architecture().recurrence().stateElements());
  }

  /** Llama 3.3 Nemotron Super 49B: 49.87e9; 31 of its 80 layers have no attention. */
  @Test
  void layersThatASearchTookAttentionFrom() throws IOException {
    List<String> blocks = new ArrayList<>();
    // 49 layers as they were, 31 without attention and with a narrower feed-forward.
    for (int layer = 0; layer < 80; layer++) {
      blocks.add(
          layer < 49
              ? "{'attention':{'n_heads_in_group':8,'no_op':false},'ffn':{'ffn_mult':5.25}}"
              : "{'attention':{'n_heads_in_group':null,'no_op':true},'ffn':{'ffn_mult':1.3125}}");
    }
    LocalModel m =
        imported(
            "'model_type':'nemotron-nas','hidden_size':8192,'intermediate_size':null,"
                + "'num_key_value_heads':null,'num_attention_heads':64,'num_hidden_layers':80,"
                + "'vocab_size':128256,'max_position_embeddings':131072,'tie_word_embeddings':false,"
                + "'block_configs':["
                + String.join(",", blocks)
                + "]");
    // 49 x (2 x 8192 x 128 x (64 + 8) + 3 x 8192 x 28,672) + 31 x 3 x 8192 x 7168
    // + 2 x 128,256 x 8192, and norms.
    double expected =
        49 * (2.0 * 8192 * 128 * 72 + 3.0 * 8192 * 28_672)
            + 31 * 3.0 * 8192 * 7168
            + 2.0 * 128_256 * 8192;
    assertNear(expected, m, 1e-4);
    assertEquals(49, m.architecture().attention().fullLayers());
    assertEquals(8, m.architecture().attention().kvHeads());
  }

  /** MiMo V2 Flash: 309e9, 15e9 active; heads of keys, of values and of windowed layers differ. */
  @Test
  void layersWithOtherHeadsInTheirWindows() throws IOException {
    List<Integer> windows = new ArrayList<>();
    for (int layer = 0; layer < 48; layer++) {
      windows.add(layer % 6 == 0 || layer == 47 ? 0 : 1);
    }
    List<Integer> experts = new ArrayList<>(Collections.nCopies(48, 1));
    experts.set(0, 0);
    LocalModel m =
        imported(
            "'model_type':'mimo_v2_flash','hidden_size':4096,'intermediate_size':16384,"
                + "'moe_intermediate_size':2048,'num_hidden_layers':48,'num_attention_heads':64,"
                + "'num_key_value_heads':4,'head_dim':192,'v_head_dim':128,"
                + "'swa_num_attention_heads':64,'swa_num_key_value_heads':8,'swa_head_dim':192,"
                + "'swa_v_head_dim':128,'sliding_window':128,'n_routed_experts':256,"
                + "'num_experts_per_tok':8,'n_shared_experts':null,'hybrid_layer_pattern':"
                + windows
                + ",'moe_layer_freq':"
                + experts
                + ",'vocab_size':152576,'max_position_embeddings':262144,'tie_word_embeddings':false");
    assertNear(309e9, m, 0.01);
    assertEquals(15e9, (double) m.architecture().activeParameters(), 1e9);
    LocalModel.Attention attention = m.architecture().attention();
    assertEquals(39, attention.slidingWindowLayers());
    assertEquals(160, attention.headDim());
    // 9 x 4 x (192 + 128) + 39 x 8 x (192 + 128).
    assertEquals(111_360, attention.kvElements());
  }

  /** DeepSeek V4 Flash: 284e9, 13e9 active; its cache has one entry for 4 or 128 tokens. */
  @Test
  void compressedCaches() throws IOException {
    List<Integer> ratios = new ArrayList<>(List.of(0, 0));
    for (int pair = 0; pair < 20; pair++) {
      ratios.addAll(List.of(4, 128));
    }
    ratios.addAll(List.of(4, 0));
    LocalModel m =
        imported(
            "'model_type':'deepseek_v4','hidden_size':4096,'moe_intermediate_size':2048,"
                + "'num_hidden_layers':43,'num_attention_heads':64,'num_key_value_heads':1,"
                + "'head_dim':512,'q_lora_rank':1024,'o_lora_rank':1024,'o_groups':8,"
                + "'qk_rope_head_dim':64,'index_head_dim':128,'index_n_heads':64,'index_topk':512,"
                + "'hc_mult':4,'n_routed_experts':256,'n_shared_experts':1,'num_experts_per_tok':6,"
                + "'first_k_dense_replace':null,'kv_lora_rank':null,'topk_method':'noaux_tc',"
                + "'sliding_window':128,'vocab_size':129280,'max_position_embeddings':1048576,"
                + "'tie_word_embeddings':false,'compress_ratios':"
                + ratios);
    assertNear(284e9, m, 0.005);
    assertEquals(13e9, (double) m.architecture().activeParameters(), 1e9);
    // 21 x (512 + 128) / 4 + 20 x 512 / 128.
    assertEquals(3440, m.architecture().attention().kvElements());
    assertTrue(m.note().orElseThrow().contains("windows"), m.note().orElseThrow());
  }

  /**
   * Step 3.5 Flash: 196e9, 11e9 active, windows with more heads; MiniMax M3 with a chosen index.
   */
  @Test
  void expertsUnderOtherNames() throws IOException {
    LocalModel step =
        imported(
            "'model_type':'step3p5','hidden_size':4096,'intermediate_size':11264,"
                + "'moe_intermediate_size':1280,'share_expert_dim':1280,'moe_num_experts':288,"
                + "'moe_top_k':8,'moe_layers_enum':'"
                + HuggingFaceFamiliesTest.places(3, 45).replaceAll("[\\[\\]]", "")
                + "','num_hidden_layers':45,'num_attention_heads':64,'num_attention_groups':8,"
                + "'head_dim':128,'attention_other_setting':{'attention_type':'sliding_attention',"
                + "'num_attention_heads':96,'num_attention_groups':8,'head_dim':128},"
                + "'use_head_wise_attn_gate':true,'sliding_window':512,'layer_types':"
                + every("full_attention", "sliding_attention", 4, 48)
                + ",'vocab_size':128896,'max_position_embeddings':262144");
    assertNear(196e9, step, 0.01);
    // Published without the embeddings, 2 x 128,896 x 4,096.
    assertEquals(11e9, step.architecture().activeParameters() - 1.056e9, 0.2e9);
    assertEquals(33, step.architecture().attention().slidingWindowLayers());
    assertEquals(3, step.architecture().forward().denseLayers());
    List<Integer> later = new ArrayList<>(List.of(0, 0, 0));
    later.addAll(Collections.nCopies(57, 1));
    LocalModel m3 =
        imported(
            "'model_type':'minimax_m3_vl','text_config':{'hidden_size':6144,"
                + "'intermediate_size':3072,'dense_intermediate_size':12288,"
                + "'shared_intermediate_size':3072,'num_hidden_layers':60,'num_attention_heads':64,"
                + "'num_key_value_heads':4,'head_dim':128,'num_local_experts':128,"
                + "'num_experts_per_tok':4,'n_shared_experts':1,'moe_layer_freq':"
                + later
                + ",'sparse_attention_config':{'use_sparse_attention':true,'sparse_index_dim':128,"
                + "'sparse_num_index_heads':4,'sparse_topk_blocks':16,'sparse_block_size':128,"
                + "'sparse_attention_freq':"
                + later
                + "},'vocab_size':200064,'max_position_embeddings':1048576}");
    // 57 x 129 experts x 3 x 6144 x 3072, the largest part of it, is 416.4e9.
    assertNear(428e9, m3, 0.01);
    assertEquals(2048, m3.architecture().attention().attendedTokens());
  }

  private static String kinds(int a, String one, int b, String two, int c, String three) {
    List<String> all = new ArrayList<>(Collections.nCopies(a, one));
    all.addAll(Collections.nCopies(b, two));
    all.addAll(Collections.nCopies(c, three));
    return "['" + String.join("','", all) + "']";
  }

  private static String every(String one, String other, int period, int count) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i % period == 0 ? one : other);
    }
    return "['" + String.join("','", all) + "']";
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
