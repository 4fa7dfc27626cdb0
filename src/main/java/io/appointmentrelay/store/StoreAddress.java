package io.appointmentrelay.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is, and who asks for it.
 *
 * @param keys what values are sealed with: the first writes, all read; none: they are in clear
 */
public record StoreAddress(
    String url, @Nullable String user, @Nullable String password, List<SealingKey> keys) {

  private static final String SQLITE = "jdbc:sqlite:";

  public StoreAddress {
    keys = List.copyOf(keys);
  }

  /** A store in clear. */
  public StoreAddress(String url, @Nullable String user, @Nullable String password) {
    this(url, user, password, List.of());
  }

  /** An embedded store, which asks nobody for a name. */
  public static StoreAddress of(String url) {
    return new StoreAddress(url, null, null);
  }

  /**
   * Opens the store for a serving process, or for a command that changes it.
   *
   * @throws StoreUnavailable if it cannot be had
   */
  public Database open() {
    return isEmbedded() ? SqliteDatabase.open(url, Seal.of(keys)) : PostgresDatabase.open(this);
  }

  /** Opens the store for reading beside a process that serves from it. */
  public Database openForReading() {
    return isEmbedded()
        ? SqliteDatabase.openForReading(url, Seal.of(keys))
        : PostgresDatabase.open(this);
  }

  /** The same store with these keys. */
  public StoreAddress sealedWith(List<SealingKey> other) {
    return new StoreAddress(url, user, password, other);
  }

  /** The file that must exist already and does not; absent: none is missing, or there is none. */
  public @Nullable Path missingFile() {
    if (!isEmbedded()) {
      return null;
    }
    String file = url.substring(SQLITE.length());
    int options = file.indexOf('?');
    Path path = Path.of(options < 0 ? file : file.substring(0, options));
    return Files.exists(path) ? null : path;
  }

  private boolean isEmbedded() {
    return url.startsWith(SQLITE);
  }

  @Override
  public String toString() {
    return "StoreAddress[" + (isEmbedded() ? "SQLite" : "PostgreSQL") + "]";
  }
}
