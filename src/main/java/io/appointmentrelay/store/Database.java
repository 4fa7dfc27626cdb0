package io.appointmentrelay.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What differs between the databases the store can live in. */
public interface Database extends AutoCloseable {

  /** A new connection for one writer, auto-commit off. */
  Connection openWriter() throws SQLException;

  /** Called by the writer after each of its transactions, between two of them. */
  default void committed(Connection writer) throws SQLException {}

  /** A new connection for one reading thread; sees only what was committed. */
  Connection openReader() throws SQLException;

  /** Pooled read connections for the console. */
  DataSource readers();

  /** Whether other processes may write to it too. */
  default boolean isShared() {
    return false;
  }

  /**
   * Whether what this writer's next statements free is overwritten too, where that is not so
   * anyway: what was purged must not be found in the file.
   */
  default void overwrite(Connection writer, boolean also) throws SQLException {}

  /** Lets go of what a log still holds of what was overwritten, if that can be done now. */
  default void forgetOverwritten() {}

  /**
   * Rewrites the store without what was freed in it, where that can be done: while nobody else
   * works with it.
   */
  default void compact() {}

  /** What values are sealed with; its keys belong to this store. */
  default Seal seal() {
    return Seal.NONE;
  }

  /** Brings the schema up to date. */
  void migrate();

  @Override
  void close();
}
