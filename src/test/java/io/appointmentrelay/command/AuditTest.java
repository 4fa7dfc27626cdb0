package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.ScriptedLife;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {

  @TempDir Path directory;
  private final StringWriter printed = new StringWriter();

  @Test
  void aRunningStoreIsAudited() {
    try (ScriptedLife life = new ScriptedLife(directory)) {
      life.sent(life.booked("A1").get(0));

      assertThat(audit(life.address())).isZero();
    }
    assertThat(printed.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "source received duplicate processed parked waiting",
            "redox-fhir 1 0 1 0 0",
            "email 1 1 0 0 0 0 0",
            "webhook 1 0 0 0 0 0 1")
        .last()
        .asString()
        .startsWith("It adds up");
  }

  @Test
  void aStoppedStoreThatLostSomethingIsNamedWithItsIds() {
    ScriptedLife life = new ScriptedLife(directory);
    life.booked("A1");
    life.tamper("DELETE FROM timeline");
    life.close();

    assertThat(audit(life.address())).isEqualTo(1);
    assertThat(printed.toString()).contains("It does not add up", ": 1-1.", ": redox-fhir/A1.");
  }

  @Test
  void aStoreThatDoesNotExistIsSaidAndNotMade() {
    Path none = directory.resolve("none.db");

    assertThat(audit(StoreAddress.of("jdbc:sqlite:" + none))).isEqualTo(2);
    assertThat(printed.toString()).contains("expects a store", "there is no such file", "correct");
    assertThat(Files.exists(none)).isFalse();
  }

  @Test
  void aFileThatIsNoStoreIsSaid() throws Exception {
    Path other = Files.createFile(directory.resolve("other.db"));

    assertThat(audit(StoreAddress.of("jdbc:sqlite:" + other))).isEqualTo(2);
    assertThat(printed.toString()).contains("Expected a store");
  }

  private int audit(StoreAddress url) {
    return new Audit().run(url, new PrintWriter(printed));
  }
}
