package io.appointmentrelay.store;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Links each message that is accepted to the one before it, inside the transaction that keeps it,
 * and writes down beside them where the chain ends, so that an end that was cut off is noticed. For
 * the writer's thread.
 */
final class Chain {

  /** The end of the chain, in {@code installation}. */
  static final String HEAD = "chain-head";

  private static final String LAST_AND_WRITTEN =
      "SELECT m.id, m.link, (SELECT value FROM installation WHERE name = '"
          + HEAD
          + "') FROM (SELECT 1) one"
          + " LEFT JOIN (SELECT id, link FROM message ORDER BY id DESC LIMIT 1) m ON TRUE";

  private static final String WRITE =
      "INSERT INTO installation (name, value) VALUES ('"
          + HEAD
          + "', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

  /**
   * In a shared store, where each change of a row leaves the old one behind for as long as anybody
   * reads as of then.
   */
  private static final long WRITES_SHARED_NANOS = 1_000_000_000;

  private final boolean shared;
  private final MessageDigest sha256 = DigestUtils.getSha256Digest();

  /** Where it ended after the last commit with a message. */
  private @Nullable Link committed;

  /** Within a transaction; absent until it is asked for. */
  private @Nullable Link end;

  private @Nullable Link mark;

  /** What {@code installation} says, as far as this process knows. */
  private @Nullable Link written;

  private @Nullable Link writing;
  private long wroteNanos = System.nanoTime() - WRITES_SHARED_NANOS;

  Chain(boolean shared) {
    this.shared = shared;
  }

  /**
   * Begins a transaction where the chain ends. Others may have gone on with it: the last message
   * anybody has kept tells.
   */
  void begin(long lastMessage) {
    boolean known = !shared || (committed != null && committed.message() == lastMessage);
    end = known ? committed : null;
    mark = end;
    writing = null;
  }

  /** The link of a message that is being kept. */
  byte[] link(Statements statements, Link.Accepted accepted) throws SQLException {
    Link after = asked(statements).then(accepted, sha256);
    end = after;
    return after.hash();
  }

  private Link asked(Statements statements) throws SQLException {
    Link known = end == null ? found(statements) : end;
    end = known;
    return known;
  }

  /**
   * The last message, but what was written down if that is later or as late: more may have been cut
   * off, or changed together with its link.
   */
  static Link found(Statements statements) throws SQLException {
    try (ResultSet rows = statements.bind(LAST_AND_WRITTEN).executeQuery()) {
      rows.next();
      byte[] link = rows.getBytes(2);
      Link last = link == null ? Link.START : new Link(rows.getLong(1), link);
      String written = rows.getString(3);
      Link head = written == null ? Link.START : Link.read(written);
      return head.message() >= last.message() ? head : last;
    }
  }

  /** What follows may be undone alone. */
  void mark() {
    mark = end;
  }

  /** What followed the mark was undone. */
  void undo() {
    end = mark;
  }

  /** Before the commit. */
  void end(Statements statements) throws SQLException {
    Link known = end == null ? committed : end;
    if (known == null || known.equals(written) || !isTime()) {
      return;
    }
    Link now = asked(statements);
    statements.update(WRITE, now.written());
    writing = now;
  }

  private boolean isTime() {
    return !shared || System.nanoTime() - wroteNanos >= WRITES_SHARED_NANOS;
  }

  /** The transaction was committed. */
  void committed() {
    if (end != null) {
      committed = end;
    }
    if (writing != null) {
      written = writing;
      wroteNanos = System.nanoTime();
    }
  }

  /** Nobody knows what became of the last transaction. */
  void forget() {
    committed = null;
    written = null;
  }
}
