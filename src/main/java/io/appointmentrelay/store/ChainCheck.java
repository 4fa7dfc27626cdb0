package io.appointmentrelay.store;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of what was accepted from its first message to its end, and says where it does
 * not hold. Reads every body that is still there.
 */
final class ChainCheck {

  private static final String MESSAGES =
      "SELECT m.id, n.source, n.received_at,"
          + " (SELECT MAX(p.part) FROM notification p WHERE p.message = m.id),"
          + " m.body, m.body_hash, m.link"
          + " FROM message m LEFT JOIN notification n ON n.message = m.id AND n.part = 1 ORDER BY m.id";

  /** Bodies are held one after another, never all of them. */
  private static final int ROWS_AT_ONCE = 200;

  private final MessageDigest sha256 = DigestUtils.getSha256Digest();
  private final Few changed = new Few();
  private final Few unlinked = new Few();
  private final byte @Nullable [] expected;
  private final Link written;
  private final Seal seal;
  private Link last = Link.START;
  private boolean isExpectedFound;
  private boolean isWrittenFound;
  private long messages;

  private ChainCheck(Link written, Seal seal, byte @Nullable [] expected) {
    this.seal = seal;
    this.written = written;
    this.isWrittenFound = written.equals(Link.START);
    this.expected = expected;
    this.isExpectedFound = expected == null || Link.START.hasHash(expected);
  }

  /**
   * What came of it.
   *
   * @param problems each names the ids where it does not hold
   */
  record Result(long messages, Link end, List<String> problems) {}

  /**
   * Follows the whole chain.
   *
   * @param expected a hash that its end had once; absent: none was kept
   */
  static Result of(Handle handle, Seal seal, byte @Nullable [] expected) {
    ChainCheck check = new ChainCheck(writtenEnd(handle), seal, expected);
    handle
        .createQuery(MESSAGES)
        .setFetchSize(ROWS_AT_ONCE)
        .map(
            (rows, context) ->
                new Row(
                    new Link.Accepted(
                        rows.getLong(1),
                        String.valueOf(rows.getString(2)),
                        rows.getLong(3),
                        rows.getInt(4),
                        rows.getBytes(6)),
                    rows.getBytes(5),
                    rows.getBytes(7)))
        .forEach(check::look);
    return new Result(check.messages, check.last, check.problems());
  }

  private record Row(Link.Accepted accepted, byte @Nullable [] body, byte[] link) {}

  private void look(Row row) {
    messages++;
    long id = row.accepted().message();
    byte[] body = row.body();
    if (body != null && !isAsAccepted(body, row.accepted())) {
      changed.add(String.valueOf(id));
    }
    if (!last.then(row.accepted(), sha256).hasHash(row.link())) {
      unlinked.add(
          last.message() == 0 ? id + " (the first)" : id + " (after " + last.message() + ")");
    }
    last = new Link(id, row.link());
    isWrittenFound |= last.equals(written);
    isExpectedFound |= expected != null && last.hasHash(expected);
  }

  private boolean isAsAccepted(byte[] kept, Link.Accepted accepted) {
    try {
      Instant receivedAt = Instant.ofEpochMilli(accepted.receivedAt());
      byte[] body = seal.open(kept, Place.body(accepted.source(), receivedAt));
      return MessageDigest.isEqual(sha256.digest(body), accepted.bodyHash());
    } catch (StoreUnavailable noKey) {
      // Whoever audits without the key sees the chain alone.
      return true;
    } catch (IllegalStateException doesNotOpen) {
      return false;
    }
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    changed
        .listed()
        .ifPresent(
            ids ->
                problems.add(
                    "Every body is the one that was accepted; these messages' are not: " + ids));
    unlinked
        .listed()
        .ifPresent(
            ids ->
                problems.add(
                    "Every message is linked to the one accepted before it; these were changed, or something"
                        + " before them was taken away: "
                        + ids));
    if (!isWrittenFound) {
      problems.add(
          written.message() > last.message()
              ? "Message "
                  + written.message()
                  + " was accepted; nothing is here after message "
                  + last.message()
                  + "."
              : "The chain holds the end that was written down; this message was changed together with its link: "
                  + written.message()
                  + ".");
    }
    if (!isExpectedFound) {
      problems.add(
          "The chain once ended with the hash given by --head; it is not in it. Something accepted before then was"
              + " changed or taken away, or it is another store's.");
    }
    return problems;
  }

  private static Link writtenEnd(Handle handle) {
    return handle
        .createQuery("SELECT value FROM installation WHERE name = :name")
        .bind("name", Chain.HEAD)
        .mapTo(String.class)
        .findOne()
        .map(Link::read)
        .orElse(Link.START);
  }

  /** As many as a person reads. */
  private static final class Few {
    private static final int SHOWN_AT_MOST = 50;

    private final List<String> shown = new ArrayList<>();
    private boolean isMore;

    void add(String id) {
      if (shown.size() < SHOWN_AT_MOST) {
        shown.add(id);
      } else {
        isMore = true;
      }
    }

    Optional<String> listed() {
      return shown.isEmpty()
          ? Optional.empty()
          : Optional.of(String.join(", ", shown) + (isMore ? " and more." : "."));
    }
  }
}
