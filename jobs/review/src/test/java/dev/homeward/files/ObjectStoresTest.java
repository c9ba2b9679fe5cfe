package dev.homeward.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What a store is told that the user has not said, and that what the user says holds. */
final class ObjectStoresTest {
  private static Configuration configured(Map<String, String> environment, String... given) {
    Configuration configuration = new Configuration();
    for (int i = 0; i < given.length; i += 2) {
      configuration.set(given[i], given[i + 1]);
    }
    ObjectStores.configure(configuration, environment::get);
    return configuration;
  }

  @Test
  void anotherStoreHasItsBucketsInThePath() {
    Configuration other = configured(Map.of("AWS_ENDPOINT_URL", "http://minio:9000"));
    assertEquals("http://minio:9000", other.get("fs.s3a.endpoint"));
    assertEquals("true", other.get("fs.s3a.path.style.access"));
    assertEquals("us-east-1", other.get("fs.s3a.endpoint.region"));
  }

  @Test
  void amazonsOwnIsLeftAsItIs() {
    for (Configuration amazon :
        new Configuration[] {
          configured(Map.of()),
          configured(Map.of(), "fs.s3a.endpoint", "s3.eu-west-1.amazonaws.com")
        }) {
      assertEquals("false", amazon.get("fs.s3a.path.style.access"));
      assertEquals(
          new Configuration().get("fs.s3a.endpoint.region"), amazon.get("fs.s3a.endpoint.region"));
    }
  }

  @Test
  void whatTheUserSaysHolds() {
    Configuration said =
        configured(
            Map.of("AWS_ENDPOINT_URL", "http://minio:9000", "AWS_REGION", "eu-central-2"),
            "fs.s3a.endpoint",
            "https://store:8333",
            "fs.s3a.retry.limit",
            "9");
    assertEquals("https://store:8333", said.get("fs.s3a.endpoint"));
    assertEquals("9", said.get("fs.s3a.retry.limit"));
    assertEquals("2", said.get("fs.s3a.attempts.maximum"));
    assertEquals("eu-central-2", said.get("fs.s3a.endpoint.region"));
  }
}
