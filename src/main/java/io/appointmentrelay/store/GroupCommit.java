package io.appointmentrelay.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One writer that runs as many units of work as are waiting in one transaction and completes them
 * after its commit.
 *
 * <p>A unit that fails takes only itself away: the batch is rolled back and run again, each unit
 * behind a savepoint. A unit must therefore do the same when it is run twice. When the store itself
 * fails, every unit of the batch fails with {@link StoreUnavailable}; the next batch tries anew on
 * a new connection.
 */
final class GroupCommit implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** A piece of work inside a transaction. */
  interface Unit<T> {
    T run(Statements statements) throws SQLException;
  }

  /**
   * A unit in two halves: what the first leaves with {@link Statements#later} goes to the database
   * together with that of others; the second sees what became of it.
   */
  interface InHalves<T> {
    Unit<T> begin(Statements statements) throws SQLException;
  }

  private static final class Waiting<T> {
    private final InHalves<T> unit;
    private final UnitQueue.Line line;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Unit<T> secondHalf;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Waiting(InHalves<T> unit, UnitQueue.Line line) {
      this.unit = unit;
      this.line = line;
    }

    UnitQueue.Line line() {
      return line;
    }

    void begin(Statements statements) throws SQLException {
      failure = null;
      secondHalf = unit.begin(statements);
    }

    void finish(Statements statements) throws SQLException {
      value = Objects.requireNonNull(secondHalf).run(statements);
    }

    void complete() {
      if (value == null || failure != null) {
        result.completeExceptionally(
            failure != null ? failure : new IllegalStateException("A unit returned nothing"));
      } else {
        result.complete(value);
      }
    }
  }

  private final Database database;
  private final UnitQueue<Waiting<?>> queue = new UnitQueue<>();
  private final Thread writer;

  /**
   * Tell who waits, each line in the order of commits, while the writer goes on. What those of
   * another line do when they are told keeps no sender waiting.
   */
  private final Map<UnitQueue.Line, ExecutorService> tellers = new EnumMap<>(UnitQueue.Line.class);

  private final Ids ids;
  private final Crew crew;
  private final Chain chain;
  private final Seldom complaint = new Seldom();
  private @Nullable Statements statements;

  GroupCommit(Database database) {
    this.database = database;
    this.ids = new Ids(database.isShared());
    this.crew = new Crew(database.isShared(), database.seal());
    this.chain = new Chain(database.isShared());
    for (UnitQueue.Line line : UnitQueue.Line.values()) {
      String name = "store-teller-" + line.name().toLowerCase(Locale.ROOT);
      tellers.put(line, Executors.newSingleThreadExecutor(task -> daemon(task, name)));
    }
    this.writer = daemon(this::write, "store-writer");
    this.writer.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Runs the unit with others; completes, on a thread for that, after the commit. Never blocks. */
  <T> CompletableFuture<T> submit(Unit<T> unit) {
    return submit(whole(unit), UnitQueue.Line.USUAL);
  }

  /** As {@link #submit}, before those who have nobody waiting for an answer. */
  <T> CompletableFuture<T> submitFirst(Unit<T> unit) {
    return submit(whole(unit), UnitQueue.Line.SENDERS);
  }

  /** As {@link #submitFirst}, in two halves. */
  <T> CompletableFuture<T> submitFirstInHalves(InHalves<T> unit) {
    return submit(unit, UnitQueue.Line.SENDERS);
  }

  /** As {@link #submit}, behind what brings to its end what was begun. */
  <T> CompletableFuture<T> submitLast(Unit<T> unit) {
    return submit(whole(unit), UnitQueue.Line.RUNS);
  }

  private static <T> InHalves<T> whole(Unit<T> unit) {
    return statements -> {
      T value = unit.run(statements);
      return done -> value;
    };
  }

  private <T> CompletableFuture<T> submit(InHalves<T> unit, UnitQueue.Line line) {
    Waiting<T> waiting = new Waiting<>(unit, line);
    if (!queue.offer(waiting, line)) {
      waiting.result.completeExceptionally(
          new StoreUnavailable("The store is closed, or too far behind; try again later"));
    }
    return waiting.result;
  }

  /** For units of work: hands out ids inside their transaction. */
  Ids ids() {
    return ids;
  }

  /** For units of work: links what they accept to what was accepted before. */
  Chain chain() {
    return chain;
  }

  /** Who else works on this store. */
  Crew crew() {
    return crew;
  }

  /** How many units wait. */
  int waiting() {
    return queue.size();
  }

  private void write() {
    try {
      for (var portion = queue.await(); portion != null; portion = queue.await()) {
        commit(portion);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    reset();
  }

  private void commit(UnitQueue<Waiting<?>>.Portion portion) {
    List<Waiting<?>> batch = new ArrayList<>();
    try {
      Statements current = connected();
      if (!runTogether(current, portion, batch)) {
        runApart(current, batch);
      }
    } catch (SQLException | RuntimeException | Error e) {
      // Whatever it is, the writer lives on: everybody who writes depends on it.
      if (complaint.now()) {
        LOG.error("The store cannot write ({}); callers are told to try again", code(e));
      }
      reset();
      for (var next = portion.next(); next != null; next = portion.next()) {
        batch.add(next);
      }
      for (Waiting<?> waiting : batch) {
        waiting.failure = new StoreUnavailable("The store cannot write now; try again later", e);
      }
    }
    tell(batch);
    tidyUp();
  }

  private void tell(List<Waiting<?>> batch) {
    Map<UnitQueue.Line, List<Waiting<?>>> lines =
        batch.stream().collect(Collectors.groupingBy(Waiting::line));
    tellers.forEach(
        (line, teller) -> {
          List<Waiting<?>> told = lines.get(line);
          if (told != null) {
            teller.execute(() -> told.forEach(Waiting::complete));
          }
        });
  }

  /** What is committed is safe, whatever becomes of this. */
  private void tidyUp() {
    try {
      if (statements != null) {
        database.committed(statements.connection());
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Tidying up after a commit failed ({})", code(e));
      reset();
    }
  }

  /**
   * The common case: all or nothing. False: a unit objected and everything was rolled back.
   *
   * @param batch receives what was taken
   */
  private boolean runTogether(
      Statements current, UnitQueue<Waiting<?>>.Portion portion, List<Waiting<?>> batch)
      throws SQLException {
    Connection connection = current.connection();
    begin(current);
    try {
      for (var next = portion.next(); next != null; next = portion.next()) {
        batch.add(next);
        next.begin(current);
      }
      current.send();
      for (Waiting<?> waiting : batch) {
        waiting.finish(current);
      }
      current.send();
    } catch (SQLException | RuntimeException | Error e) {
      undo(connection, null, e);
      return false;
    }
    end(current);
    return true;
  }

  private void runApart(Statements current, List<Waiting<?>> batch) throws SQLException {
    Connection connection = current.connection();
    begin(current);
    boolean anySucceeded = false;
    @Nullable SQLException storeFailure = null;
    for (Waiting<?> waiting : batch) {
      Savepoint savepoint = connection.setSavepoint();
      chain.mark();
      try {
        waiting.begin(current);
        current.send();
        waiting.finish(current);
        current.send();
        connection.releaseSavepoint(savepoint);
        anySucceeded = true;
      } catch (RuntimeException | Error e) {
        waiting.failure = e;
        current.forget();
        undo(connection, savepoint, e);
        chain.undo();
      } catch (SQLException e) {
        // One unit's own constraint, or the store itself: if nobody can write, it is the store.
        storeFailure = e;
        waiting.failure =
            new StoreUnavailable("The store refused a unit of work (" + code(e) + ")", e);
        current.forget();
        undo(connection, savepoint, e);
        chain.undo();
      }
    }
    if (!anySucceeded && storeFailure != null) {
      connection.rollback();
      throw storeFailure;
    }
    end(current);
  }

  /**
   * Undoes a unit, or without savepoint the batch. A full store has rolled back by itself and has
   * nothing left to undo: what it said first is what is told.
   */
  private static void undo(Connection connection, @Nullable Savepoint savepoint, Throwable cause)
      throws SQLException {
    try {
      if (savepoint == null) {
        connection.rollback();
      } else {
        connection.rollback(savepoint);
      }
    } catch (SQLException e) {
      SQLException first = cause instanceof SQLException failure ? failure : e;
      if (first != e) {
        first.addSuppressed(e);
      }
      throw first;
    }
  }

  private void begin(Statements current) throws SQLException {
    current.forget();
    ids.begin(current);
    crew.begin(current);
    chain.begin(ids.lastMessage());
  }

  private void end(Statements current) throws SQLException {
    crew.end(current);
    chain.end(current);
    ids.commit(current);
    crew.committed();
    chain.committed();
  }

  private Statements connected() throws SQLException {
    if (statements == null) {
      statements = new Statements(database.openWriter(), database.isShared());
    }
    return statements;
  }

  private void reset() {
    Statements old = statements;
    statements = null;
    chain.forget();
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        LOG.debug("A broken connection did not close cleanly ({})", code(e));
      }
    }
  }

  /** A database's message may quote values: only its code is safe to show. */
  private static String code(Throwable e) {
    String name = e.getClass().getSimpleName();
    return e instanceof SQLException failure
        ? name + " " + failure.getErrorCode() + " " + failure.getSQLState()
        : name;
  }

  /** Finishes what waits, and tells who waits for it, then stops. */
  @Override
  public void close() {
    queue.close();
    try {
      writer.join(30_000);
      tellers.values().forEach(ExecutorService::shutdown);
      for (ExecutorService teller : tellers.values()) {
        teller.awaitTermination(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
