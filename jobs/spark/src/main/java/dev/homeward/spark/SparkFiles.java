package dev.homeward.spark;

import dev.homeward.files.Files;
import dev.homeward.files.HadoopFiles;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Files with the settings that Spark was given, on the driver and in tasks alike. */
final class SparkFiles {
  private SparkFiles() {}

  // Reading Hadoop's defaults costs tens of milliseconds: once for an environment that runs.
  private static HadoopFiles files;
  private static SparkEnv filesOf;

  static synchronized Files current() {
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      throw new IllegalStateException("Spark does not run here");
    }
    if (filesOf != spark) {
      files = new HadoopFiles(SparkHadoopUtil.get().newConfiguration(spark.conf()));
      filesOf = spark;
    }
    return files;
  }
}
