package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** One writer for many, against a real file. */
@Timeout(60)
class GroupCommitTest {

  @TempDir private Path directory;
  private CountingDatabase database;
  private GroupCommit commits;

  @BeforeEach
  void open() {
    database = new CountingDatabase(url());
    database.migrate();
    commits = new GroupCommit(database);
  }

  @AfterEach
  void close() {
    commits.close();
    database.close();
  }

  private String url() {
    return "jdbc:sqlite:" + directory.resolve("relay.db");
  }

  // -- what tests say ------------------------------------------------------------------------

  private static GroupCommit.Unit<String> keep(String name) {
    return statements -> {
      statements.update("INSERT INTO installation (name, value) VALUES (?, 'kept')", name);
      return name;
    };
  }

  /**
   * Keeps the writer busy until the latch opens, so that what is submitted meanwhile runs together.
   */
  private CompletableFuture<String> hold(CountDownLatch latch) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<String> held =
        commits.submit(
            statements -> {
              running.countDown();
              waitFor(latch);
              return "held";
            });
    running.await();
    return held;
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> kept() {
    return kept(database);
  }

  private static List<String> kept(Database database) {
    try (Connection connection = database.openReader();
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM installation WHERE value = 'kept' ORDER BY name")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    try {
      future.orTimeout(20, TimeUnit.SECONDS).join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  // -- a batch ---------------------------------------------------------------------------------

  @Test
  void aUnitThatFailsTakesOnlyItselfAway() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    hold(latch);
    CompletableFuture<String> first = commits.submit(keep("first"));
    CompletableFuture<String> objecting =
        commits.submit(
            statements -> {
              keep("objecting").run(statements);
              throw new IllegalStateException("no");
            });
    CompletableFuture<String> second = commits.submit(keep("second"));
    CompletableFuture<String> repeated = commits.submit(keep("first"));
    CompletableFuture<String> third = commits.submit(keep("third"));
    latch.countDown();

    assertThat(first.join()).isEqualTo("first");
    assertThat(second.join()).isEqualTo("second");
    assertThat(third.join()).isEqualTo("third");
    assertThat(failureOf(objecting)).isInstanceOf(IllegalStateException.class).hasMessage("no");
    assertThat(failureOf(repeated)).isInstanceOf(StoreUnavailable.class);
    assertThat(kept()).containsExactly("first", "second", "third");
  }

  @Test
  void anErrorInAUnitTakesOnlyItselfAway() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    hold(latch);
    CompletableFuture<String> first = commits.submit(keep("first"));
    CompletableFuture<String> broken =
        commits.submit(
            statements -> {
              throw new StackOverflowError("too deep");
            });
    CompletableFuture<String> second = commits.submit(keep("second"));
    latch.countDown();

    assertThat(failureOf(broken)).isInstanceOf(StackOverflowError.class);
    assertThat(failureOf(first)).isNull();
    assertThat(failureOf(second)).isNull();
    assertThat(failureOf(commits.submit(keep("third")))).isNull();
    assertThat(kept()).containsExactly("first", "second", "third");
  }

  @Test
  void aSenderIsToldWhileOthersAreStillBeingTold() throws Exception {
    CountDownLatch committed = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    hold(committed);
    CompletableFuture<Void> busy = commits.submit(keep("other")).thenAccept(name -> waitFor(told));
    committed.countDown();

    CompletableFuture<String> sender = commits.submitFirst(keep("sender"));

    assertThat(sender.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("sender");
    assertThat(busy).isNotDone();
    told.countDown();
    busy.join();
  }

  @Test
  void aUnitThatIsRunAgainHasItsEffectOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch latch = new CountDownLatch(1);
    hold(latch);
    CompletableFuture<String> again =
        commits.submit(
            statements -> {
              runs.incrementAndGet();
              return keep("again").run(statements);
            });
    CompletableFuture<String> objecting =
        commits.submit(
            statements -> {
              throw new IllegalStateException("no");
            });
    latch.countDown();

    assertThat(again.join()).isEqualTo("again");
    assertThat(failureOf(objecting)).isNotNull();
    assertThat(runs).hasValue(2);
    assertThat(kept()).containsExactly("again");
  }

  @Test
  void aUnitAnswersSomething() {
    CompletableFuture<String> nothing = commits.submit(statements -> null);

    assertThat(failureOf(nothing)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoIsAnsweredCanReadWhatWasWritten() {
    List<String> seen = commits.submit(keep("a")).thenApply(name -> kept()).join();

    assertThat(seen).containsExactly("a");
  }

  @Test
  void manyThreadsGetTheirOwnResultsFromFewTransactions() throws Exception {
    int threads = 8;
    int each = 500;
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> running = new ArrayList<>();
    Queue<CompletableFuture<?>> answers = new ConcurrentLinkedQueue<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  String name = number + "-" + i;
                  boolean objects = i % 100 == 50;
                  answers.add(
                      commits
                          .submit(
                              statements -> {
                                String kept = keep(name).run(statements);
                                if (objects) {
                                  throw new IllegalStateException(name);
                                }
                                return kept;
                              })
                          .handle(
                              (result, failure) -> {
                                boolean right =
                                    objects
                                        ? failure != null && name.equals(failure.getMessage())
                                        : name.equals(result);
                                return right || wrong.add(name + " got " + result + failure);
                              }));
                }
              });
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
    answers.forEach(CompletableFuture::join);

    assertThat(wrong).isEmpty();
    assertThat(kept()).hasSize(threads * (each - 5));
    assertThat(threads * each / (double) database.transactions()).isGreaterThan(1);
  }

  // -- a store that fails ----------------------------------------------------------------------

  @Test
  void aFullStoreFailsAndWorksAgainWhenThereIsRoom() {
    commits
        .submit(
            statements -> {
              try (var statement = statements.connection().createStatement()) {
                statement.execute("PRAGMA max_page_count = 1");
              }
              return "limited to its present size";
            })
        .join();

    CompletableFuture<Integer> tooMuch = commits.submit(statements -> large(statements, 1));

    assertThat(failureOf(tooMuch))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("try again later");
    assertThat(commits.submit(statements -> large(statements, 2)).join()).isEqualTo(1);
  }

  private static int large(Statements statements, long id) throws SQLException {
    return statements.update(
        "INSERT INTO message (id, body, body_hash, link) VALUES (?, ?, ?, ?)",
        id,
        new byte[1 << 20],
        new byte[32],
        new byte[32]);
  }

  @Test
  void aStoreThatRefusesWritesFailsAndWorksAgain() {
    commits
        .submit(
            statements -> {
              try (var statement = statements.connection().createStatement()) {
                statement.execute("PRAGMA query_only = true");
              }
              return "read-only";
            })
        .join();

    assertThat(failureOf(commits.submit(keep("a")))).isInstanceOf(StoreUnavailable.class);
    assertThat(commits.submit(keep("b")).join()).isEqualTo("b");
    assertThat(kept()).containsExactly("b");
  }

  @Test
  void aLostConnectionIsReplaced() {
    commits
        .submit(
            statements -> {
              statements.update("INSERT INTO installation (name, value) VALUES ('x', 'kept')");
              statements.connection().close();
              return "closed before its commit";
            })
        .handle((result, failure) -> assertThat(failure).isInstanceOf(StoreUnavailable.class))
        .join();

    assertThat(commits.submit(keep("a")).join()).isEqualTo("a");
    assertThat(kept()).containsExactly("a");
  }

  @Test
  void aDirectoryInPlaceOfTheFileFailsUntilItIsGone() throws Exception {
    Path place = Files.createDirectory(directory.resolve("other.db"));
    try (SqliteDatabase misplaced = SqliteDatabase.openForReading("jdbc:sqlite:" + place);
        GroupCommit writer = new GroupCommit(misplaced)) {
      assertThat(failureOf(writer.submit(keep("a")))).isInstanceOf(StoreUnavailable.class);
      assertThat(failureOf(writer.submit(keep("b")))).isInstanceOf(StoreUnavailable.class);

      Files.delete(place);
      misplaced.migrate();

      assertThat(writer.submit(keep("c")).join()).isEqualTo("c");
      assertThat(kept(misplaced)).containsExactly("c");
    }
  }

  @Test
  void aFailureOfTheStoreShowsNoValues() {
    commits.submit(keep("Ada Lovelace")).join();

    Throwable failure = failureOf(commits.submit(keep("Ada Lovelace")));

    assertThat(failure).isInstanceOf(StoreUnavailable.class);
    assertThat(failure.getMessage()).doesNotContain("Ada");
  }

  // -- too much, and the end -------------------------------------------------------------------

  @Test
  void aFullQueueRefusesAtOnceAndForgetsNobodyWhoWaits() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    hold(latch);
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    while (commits.waiting() < 20_000) {
      waiting.add(commits.submit(statements -> 1));
    }

    CompletableFuture<Integer> tooMany = commits.submit(statements -> 1);

    assertThat(tooMany).isCompletedExceptionally();
    assertThat(failureOf(tooMany))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("too far behind");
    latch.countDown();
    assertThat(waiting.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(20_000);
    assertThat(commits.submit(keep("a")).join()).isEqualTo("a");
  }

  @Test
  void closingFinishesWhatWaits() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    hold(latch);
    List<CompletableFuture<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(commits.submit(keep("w" + i)));
    }
    Thread closing = new Thread(commits::close);
    closing.start();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> commits.submit(statements -> 1).isCompletedExceptionally());

    latch.countDown();
    closing.join();

    assertThat(waiting).allSatisfy(future -> assertThat(future).isCompleted());
    assertThat(kept()).hasSize(100);
  }

  @Test
  void aClosedStoreRefusesAtOnce() {
    commits.close();

    CompletableFuture<String> late = commits.submit(keep("late"));

    assertThat(late).isCompletedExceptionally();
    assertThatThrownBy(late::join).hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void everybodyIsAnsweredWhoeverSubmitsWhileItCloses() throws Exception {
    for (int round = 0; round < 10; round++) {
      GroupCommit closing = new GroupCommit(database);
      Queue<CompletableFuture<Integer>> answers = new ConcurrentLinkedQueue<>();
      List<Thread> submitters = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Thread thread =
            new Thread(
                () -> {
                  CompletableFuture<Integer> answer;
                  do {
                    answer = closing.submit(statements -> 1);
                    answers.add(answer);
                  } while (failureOf(answer) == null);
                });
        submitters.add(thread);
        thread.start();
      }
      await().until(() -> answers.size() > 10);
      closing.close();
      for (Thread thread : submitters) {
        thread.join();
      }
      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.isDone()).isTrue())
          .noneSatisfy(
              answer ->
                  assertThat(failureOf(answer))
                      .isInstanceOf(java.util.concurrent.TimeoutException.class));
    }
  }

  /** The embedded store, with a count of what its writers committed. */
  private static final class CountingDatabase implements Database {
    private final SqliteDatabase real;
    private final AtomicInteger transactions = new AtomicInteger();

    CountingDatabase(String url) {
      this.real = SqliteDatabase.open(url);
    }

    int transactions() {
      return transactions.get();
    }

    @Override
    public Connection openWriter() throws SQLException {
      Connection connection = real.openWriter();
      ((SQLiteConnection) connection)
          .addCommitListener(
              new SQLiteCommitListener() {
                @Override
                public void onCommit() {
                  transactions.incrementAndGet();
                }

                @Override
                public void onRollback() {
                  // only what was committed counts
                }
              });
      return connection;
    }

    @Override
    public Connection openReader() throws SQLException {
      return real.openReader();
    }

    @Override
    public DataSource readers() {
      return real.readers();
    }

    @Override
    public void migrate() {
      real.migrate();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
