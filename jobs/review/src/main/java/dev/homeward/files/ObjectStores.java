package dev.homeward.files;

import dev.homeward.units.InvalidInput;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;

/**
 * What object stores need of Hadoop: settings from where the stores' own tools have them, and
 * patience that ends. The classes of a store lie in jars of their own, which few need.
 */
final class ObjectStores {
  private static final String SPARK = "spark.hadoop.";
  private static final String ENDPOINT = "fs.s3a.endpoint";

  /** Stores that copy where a file system renames. */
  private static final Set<String> SCHEMES =
      Set.of("s3a", "s3", "gs", "oss", "cosn", "obs", "wasb", "wasbs", "swift");

  /**
   * What is asked again, and for how long. Hadoop's own settings keep a user waiting for minutes
   * for a host that is not there.
   */
  private static final Map<String, String> PATIENCE =
      Map.of(
          "fs.s3a.attempts.maximum", "2",
          "fs.s3a.retry.limit", "3",
          "fs.s3a.retry.interval", "200ms",
          "fs.s3a.connection.establish.timeout", "5s");

  private ObjectStores() {}

  static boolean isOne(String scheme) {
    return scheme != null && SCHEMES.contains(scheme);
  }

  /**
   * Settings in which a store finds the local files that it expects: what is uploaded is buffered
   * on disk through Hadoop's own local file system, which the settings of this program replace.
   */
  static Configuration besideLocalFiles(Configuration configuration) {
    Configuration stores = new Configuration(configuration);
    stores.set("fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem");
    stores.setBoolean("fs.file.impl.disable.cache", true);
    return stores;
  }

  /**
   * Sets what nobody has set.
   *
   * @param environment gives the variables that AWS's own tools know
   */
  static void configure(Configuration configuration, Function<String, String> environment) {
    PATIENCE.forEach((key, value) -> setIfDefault(configuration, key, value));
    String endpoint = environment.apply("AWS_ENDPOINT_URL_S3");
    endpoint = endpoint == null ? environment.apply("AWS_ENDPOINT_URL") : endpoint;
    if (endpoint != null) {
      setIfDefault(configuration, ENDPOINT, endpoint);
    }
    String set = configuration.get(ENDPOINT, "");
    if (!set.isEmpty() && !set.contains("amazonaws.com")) {
      // Other stores than Amazon's have no host a bucket, and ask for any region.
      setIfDefault(configuration, "fs.s3a.path.style.access", "true");
      String region = environment.apply("AWS_REGION");
      setIfDefault(configuration, "fs.s3a.endpoint.region", region == null ? "us-east-1" : region);
    }
  }

  /** Settings given as Spark takes them, {@code -Dspark.hadoop.KEY=VALUE}, where no Spark runs. */
  static Configuration withSettingsOfSpark(Configuration configuration) {
    System.getProperties()
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.startsWith(SPARK)) {
                configuration.set(name.substring(SPARK.length()), System.getProperty(name));
              }
            });
    return configuration;
  }

  private static void setIfDefault(Configuration configuration, String key, String value) {
    String[] sources = configuration.getPropertySources(key);
    boolean isDefault =
        sources == null || sources.length == 1 && sources[0].endsWith("core-default.xml");
    if (isDefault) {
      configuration.set(key, value);
    }
  }

  /** The refusal of a store whose classes are not there. */
  static InvalidInput notThere(String scheme, Throwable cause) {
    String how =
        switch (scheme) {
          case "s3a" ->
              "build them in once with ./mvnw -q -Ps3 -pl jobs/s3 -am -DskipTests package, or give spark-submit --packages org.apache.hadoop:hadoop-aws:%s"
                  .formatted(VersionInfo.getVersion());
          case "s3" -> "write s3a:// in place of s3://";
          case "gs" ->
              "put Google's gcs-connector (hadoop3, shaded) on the class path: HOMEWARD_CLASSPATH, or spark-submit --jars";
          case "abfss", "abfs", "wasbs", "wasb" ->
              "put org.apache.hadoop:hadoop-azure:%s and what it needs on the class path: HOMEWARD_CLASSPATH, or spark-submit --packages"
                  .formatted(VersionInfo.getVersion());
          default ->
              "put the jar of its Hadoop file system on the class path: HOMEWARD_CLASSPATH, or spark-submit --jars";
        };
    return new InvalidInput(
        "Cannot read or write %s:// here: what knows it is not on the class path. Maybe %s (docs/sources.md)"
            .formatted(scheme, how),
        cause);
  }
}
