package io.appointmentrelay.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.NewPart;
import io.appointmentrelay.store.SqliteDatabase;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.WaitingPart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which waiting parts run after one another. */
class BacklogTest {

  private static final Instant NOW = Instant.parse("2026-06-10T13:00:00Z");

  @TempDir private Path directory;
  private Store store;
  private Backlog backlog;

  @BeforeEach
  void open() {
    store =
        Store.open(
            SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db")), Clock.systemUTC());
    backlog = new Backlog(store.inbox());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private List<WaitingPart> kept(String key, String behind) {
    NewPart part = new NewPart("x", key, key, behind, null);
    return store
        .inbox()
        .accept("feed", NOW, key.getBytes(StandardCharsets.UTF_8), List.of(part))
        .join();
  }

  /** Starts whatever can start, in the order given, and settles it at once. */
  private List<String> runAll(String... keys) {
    List<String> ran = new ArrayList<>();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (String key : keys) {
        WaitingPart part = backlog.start(key);
        if (part != null) {
          ran.add(part.orderingKey());
          backlog.settled(part);
          progress = true;
        }
      }
    }
    return ran;
  }

  @Test
  void whatReplacesAnotherRunsBehindWhatWaitsOfThatOne() {
    backlog.offer(kept("a", null));
    backlog.offer(kept("b", "a"));
    backlog.offer(kept("c", "b"));

    assertThat(runAll("c", "b", "a")).containsExactly("a", "b", "c");
  }

  @Test
  void whatFollowsTheReplacementKeepsItsPlaceToo() {
    backlog.offer(kept("a", null));
    backlog.offer(kept("b", "a"));
    backlog.offer(kept("b", null));

    WaitingPart first = backlog.start("b");
    assertThat(first.orderingKey()).isEqualTo("a");
    assertThat(backlog.start("b")).isNull();
    assertThat(backlog.settled(first)).isTrue();
    assertThat(runAll("a", "b")).containsExactly("b", "b");
  }

  @Test
  void othersRunBesideIt() {
    backlog.offer(kept("a", null));
    backlog.offer(kept("b", "a"));
    backlog.offer(kept("z", null));
    backlog.start("a");

    assertThat(backlog.start("z")).isNotNull();
  }

  @Test
  void theOrderHoldsAlsoForWhatIsFetchedFromTheStoreAgain() {
    kept("a", null);
    kept("b", "a");
    kept("c", "b");
    backlog.startFromStore();
    backlog.refill();

    assertThat(runAll("c", "b", "a")).containsExactly("a", "b", "c");
  }

  @Test
  void aLaneEndsForAllItsKeys() {
    backlog.offer(kept("a", null));
    backlog.offer(kept("b", "a"));
    runAll("a", "b");

    assertThat(backlog.offer(kept("a", null))).containsExactly("a");
    assertThat(backlog.offer(kept("b", null))).containsExactly("b");
    assertThat(backlog.start("a")).isNotNull();
    assertThat(backlog.start("b")).isNotNull();
  }
}
