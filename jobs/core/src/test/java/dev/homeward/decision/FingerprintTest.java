package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A replay is known again by the texts of the records that it depends on, in another process too.
 * {@link Map#of} and {@link Set#of} list their entries in an order that every process draws anew.
 */
final class FingerprintTest {
  private static final Set<Class<?>> DRAWN =
      Set.of(
          Map.of(1, 1, 2, 2).getClass(), Map.of(1, 1).getClass(),
          Set.of(1, 2).getClass(), Set.of(1, 2, 3).getClass());

  @Test
  void nothingThatAFingerprintIsMadeOfIsInAnOrderDrawnByTheProcess() {
    Catalog catalog = Catalog.standard();
    List<String> drawn = new ArrayList<>();
    int[] maps = new int[1];
    catalog.models().forEach(m -> walk(m.id(), m, drawn, maps));
    catalog.quantizations().forEach(q -> walk(q.id(), q, drawn, maps));
    catalog.hardware().forEach(h -> walk(h.id(), h, drawn, maps));
    catalog.engines().forEach(e -> walk(e.id(), e, drawn, maps));

    assertTrue(maps[0] > 50, "the walk finds the maps there are: " + maps[0]);
    assertTrue(drawn.isEmpty(), drawn::toString);
  }

  @Test
  void anOrderThatIsDrawnIsSeen() {
    List<String> drawn = new ArrayList<>();
    walk("here", new Holder(Map.of("a", 1, "b", 2)), drawn, new int[1]);

    assertFalse(drawn.isEmpty());
  }

  private record Holder(Map<String, Integer> values) {}

  private static void walk(String path, Object value, List<String> drawn, int[] maps) {
    if (value instanceof Optional<?> some) {
      some.ifPresent(v -> walk(path, v, drawn, maps));
    } else if (value instanceof Map<?, ?> map) {
      maps[0]++;
      if (map.size() > 1 && DRAWN.contains(map.getClass())) {
        drawn.add(path);
      }
      map.forEach((k, v) -> walk(path + "." + k, v, drawn, maps));
    } else if (value instanceof Collection<?> many) {
      if (many.size() > 1 && DRAWN.contains(many.getClass())) {
        drawn.add(path);
      }
      many.forEach(v -> walk(path, v, drawn, maps));
    } else if (value instanceof Record) {
      for (RecordComponent part : value.getClass().getRecordComponents()) {
        walk(path + "." + part.getName(), read(part, value), drawn, maps);
      }
    }
  }

  private static Object read(RecordComponent part, Object of) {
    try {
      part.getAccessor().setAccessible(true);
      return part.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(part.toString(), e);
    }
  }
}
