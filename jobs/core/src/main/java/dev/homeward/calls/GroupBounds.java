package dev.homeward.calls;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.api.Binary;

/** What the statistics of a row group say of its keys and starts; null where they say nothing. */
record GroupBounds(Binary[] least, Binary[] most, Long first, Long last) {
  private static final List<String> TEXTS = List.of("workload", "hosted_model", "data_class");
  private static final String START = "started_at_us";

  private static final Comparator<Binary> ORDER =
      CallColumns.SCHEMA.getType("workload").asPrimitiveType().comparator();

  static GroupBounds of(BlockMetaData group) {
    Binary[] least = new Binary[TEXTS.size()];
    Binary[] most = new Binary[TEXTS.size()];
    Long first = null;
    Long last = null;
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      String column = chunk.getPath().toDotString();
      Statistics<?> statistics = chunk.getStatistics();
      if (statistics == null || !statistics.hasNonNullValue()) {
        continue;
      }
      int text = TEXTS.indexOf(column);
      if (text >= 0) {
        least[text] = (Binary) statistics.genericGetMin();
        most[text] = (Binary) statistics.genericGetMax();
      } else if (column.equals(START)) {
        first = (Long) statistics.genericGetMin();
        last = (Long) statistics.genericGetMax();
      }
    }
    return new GroupBounds(least, most, first, last);
  }

  boolean mayStartIn(long from, long to) {
    return first == null || (last >= from && first < to);
  }

  boolean mayHold(WorkloadKey key) {
    Binary[] sought = sought(key);
    for (int i = 0; i < sought.length; i++) {
      if (least[i] != null
          && (ORDER.compare(least[i], sought[i]) > 0 || ORDER.compare(most[i], sought[i]) < 0)) {
        return false;
      }
    }
    return true;
  }

  /** The key of all rows of the group; empty if there may be several. */
  Optional<WorkloadKey> only() {
    String[] texts = new String[TEXTS.size()];
    for (int i = 0; i < texts.length; i++) {
      if (least[i] == null || !least[i].equals(most[i])) {
        return Optional.empty();
      }
      texts[i] = least[i].toStringUsingUTF8();
    }
    return Optional.of(new WorkloadKey(texts[0], texts[1], texts[2]));
  }

  private static Binary[] sought(WorkloadKey key) {
    return new Binary[] {
      Binary.fromString(key.workload()),
      Binary.fromString(key.hostedModel()),
      Binary.fromString(key.dataClass())
    };
  }
}
