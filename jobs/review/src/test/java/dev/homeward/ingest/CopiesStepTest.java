package dev.homeward.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.FileCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said of the files of a log goes to one process: it must not grow with their number. */
final class CopiesStepTest {
  private static final BlockLayout LAYOUT = new BlockLayout(1, false, false);
  private static final int REJECTED = 150;

  @Test
  void aHundredRejectedRecordsOfAFileAreShown() {
    assertEquals(100, samples(3, "file-1").size());
  }

  /** 2,000 files: 100,000 / 2,000 = 50 each, the first of them; all are counted. */
  @Test
  void fewerAreShownOfEachOfVeryManyFiles() {
    List<FileCounts.RejectedSample> samples = samples(2_000, "file-1999");

    assertEquals(50, samples.size());
    assertEquals(1, samples.get(0).line());
    assertEquals(50, samples.get(49).line());
  }

  private static List<FileCounts.RejectedSample> samples(int files, String file) {
    List<Block> blocks = new ArrayList<>();
    for (int f = 0; f < files; f++) {
      FileCounts count = new FileCounts();
      for (int line = 1; line <= REJECTED; line++) {
        count.reject(new Rejection(Reason.MALFORMED_JSON, line, "cut", "{"), 0);
      }
      TreeMap<String, FileCounts> counts = new TreeMap<>();
      counts.put("file-" + f, count);
      blocks.add(new Block(LAYOUT.counts(), FileCounts.write(counts)));
    }
    List<Block> notes = CopiesStep.find(blocks.iterator(), LAYOUT, null);
    assertEquals(1, notes.size());
    TreeMap<String, FileCounts> said = Codec.read(notes.get(0).bytes(), Note.class).counts;
    assertEquals(files, said.size());
    assertEquals(REJECTED, said.get(file).rejected);
    return said.get(file).samples;
  }
}
