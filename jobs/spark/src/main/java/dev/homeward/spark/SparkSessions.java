package dev.homeward.spark;

import dev.homeward.files.Stopping;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts Spark: embedded by default, or as spark-submit says. */
final class SparkSessions {
  private SparkSessions() {}

  static JavaSparkContext start(Optional<String> master) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "homeward");
    master.ifPresent(m -> conf.set("spark.master", m));
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master").startsWith("local")) {
      // No other machine talks to this one: loopback avoids guessing an address.
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
    }
    JavaSparkContext spark = new JavaSparkContext(conf);
    spark.setLogLevel("ERROR");
    // What fails when a signal stops the program fails because of that.
    Stopping.first(() -> spark.setLogLevel("OFF"));
    return spark;
  }
}
