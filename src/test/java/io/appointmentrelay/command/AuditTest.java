package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.store.ScriptedLife;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        .anySatisfy(line -> assertThat(line).startsWith("It adds up"))
        .last()
        .asString()
        .matches("[0-9a-f]{64}");
  }

  @Test
  void aHeadThatWasPrintedIsFoundAgainAndAnotherIsNot() {
    try (ScriptedLife life = new ScriptedLife(directory)) {
      life.booked("A1");
      audit(life.address());
      Matcher printedHead = Pattern.compile("\\b([0-9a-f]{64})\\b").matcher(printed.toString());
      assertThat(printedHead.find()).isTrue();
      String head = printedHead.group(1);
      life.booked("A2");

      assertThat(audit(life.address(), head)).isZero();
      assertThat(audit(life.address(), "0".repeat(63) + "1")).isEqualTo(1);
      assertThat(printed.toString()).contains("--head; it is not in it");
      assertThat(audit(life.address(), "no hash")).isEqualTo(2);
      assertThat(printed.toString()).contains("64 hexadecimal digits", "Nothing was read");
    }
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
    return audit(url, null);
  }

  private int audit(StoreAddress url, String head) {
    return new Audit().run(url, head, new PrintWriter(printed));
  }
}
