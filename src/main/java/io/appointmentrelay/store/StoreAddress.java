package io.appointmentrelay.store;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the store is, and who asks for it. */
public record StoreAddress(String url, @Nullable String user, @Nullable String password) {

  private static final String SQLITE = "jdbc:sqlite:";

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
    return isEmbedded() ? SqliteDatabase.open(url) : PostgresDatabase.open(this);
  }

  /** Opens the store for reading beside a process that serves from it. */
  public Database openForReading() {
    return isEmbedded() ? SqliteDatabase.openForReading(url) : PostgresDatabase.open(this);
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
