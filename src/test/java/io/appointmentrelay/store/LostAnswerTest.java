package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was committed although nobody heard that it was. */
class LostAnswerTest {

  private final AtomicBoolean losesTheNext = new AtomicBoolean();

  @Test
  void breaksNoChain(@TempDir Path directory) {
    Database database = lossy(SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db")));
    try (Store store = Store.open(database, ScriptedLife.CLOCK)) {
      accept(store, "A1");
      losesTheNext.set(true);

      assertThatThrownBy(() -> accept(store, "A2"))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailable.class);

      accept(store, "A2");
      AuditReport report = new Ledger(database).audit();
      assertThat(report.problems()).isEmpty();
      assertThat(Objects.requireNonNull(report.chain()).messages()).isEqualTo(3);
    }
  }

  private static void accept(Store store, String appointment) {
    ScriptedLife.arrives(store, ScriptedLife.SOURCE, appointment, ScriptedLife.NOW);
  }

  private Database lossy(Database real) {
    return proxy(
        Database.class,
        (proxy, method, arguments) -> {
          Object answer = call(real, method, arguments);
          return method.getName().equals("openWriter") ? lossy((Connection) answer) : answer;
        });
  }

  private Connection lossy(Connection real) {
    return proxy(
        Connection.class,
        (proxy, method, arguments) -> {
          Object answer = call(real, method, arguments);
          if (method.getName().equals("commit") && losesTheNext.getAndSet(false)) {
            throw new SQLException("The answer did not arrive");
          }
          return answer;
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
