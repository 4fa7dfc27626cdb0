package io.appointmentrelay.faults;

import io.appointmentrelay.process.Installation;
import io.appointmentrelay.process.StoreView;
import java.io.IOException;
import java.nio.file.Path;

/** Where the store is, and what can be done to it. */
interface Site extends AutoCloseable {

  /** Makes the installation of one process use it. */
  Installation installed(Path directory, int smtpPort, int httpPort) throws Exception;

  StoreView view();

  /** How many processes may share it. */
  int processes();

  /** It takes nothing any more. */
  void fill() throws Exception;

  /** It takes again. */
  void free() throws Exception;

  /** Its server goes away. */
  default void stop() throws Exception {
    throw new UnsupportedOperationException();
  }

  /** Its server is back. */
  default void goOn() throws Exception {
    throw new UnsupportedOperationException();
  }

  default void cutConnections() throws Exception {
    throw new UnsupportedOperationException();
  }

  @Override
  void close() throws IOException;
}
