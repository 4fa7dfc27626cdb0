package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.FreePort;
import io.appointmentrelay.store.ScriptedLife;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.StoreUnavailable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The list while no relay runs; the console has it while one does. */
class OptOutListTest {

  @TempDir private Path directory;
  private int nobodysPort;
  private StoreAddress url;
  private String said = "";

  @BeforeEach
  void makeAStore() {
    nobodysPort = FreePort.any();
    try (ScriptedLife life = new ScriptedLife(directory)) {
      url = life.address();
    }
  }

  private int run(String action, String recipient, String purpose) {
    StringWriter out = new StringWriter();
    int status =
        new OptOutList(new ConsoleClient(nobodysPort), url, "US", ScriptedLife.CLOCK)
            .run(action, recipient, purpose, new PrintWriter(out, true));
    said = out.toString();
    return status;
  }

  @Test
  void whoIsAddedIsListedMaskedUntilRemoved() {
    assertThat(run("add", "(608) 555-0142", null)).isZero();
    assertThat(run("add", "Ana@Clinic.org", "news")).isZero();
    assertThat(run("add", "ana@clinic.org", "news")).isZero();

    assertThat(run("list", null, null)).isZero();
    assertThat(said.lines())
        .hasSize(2)
        .anyMatch(line -> line.matches("\\+1\\*{8}42 +all +2026-03-02T15:00:00Z"))
        .anyMatch(line -> line.matches("a\\*\\*\\*@c\\*\\*\\*.org +news +2026-03-02T15:00:00Z"));

    assertThat(run("remove", "+16085550142", null)).isZero();
    assertThat(run("remove", "ana@clinic.org", "preparation")).isEqualTo(1);
    assertThat(run("remove", "ana@clinic.org", "news")).isZero();
    assertThat(run("list", null, null)).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void whatIsNotUnderstoodChangesNothingAndIsNotRepeated() {
    assertThat(run("add", "nobody", null)).isEqualTo(1);
    assertThat(said).contains("Nothing was changed").doesNotContain("nobody");
    assertThat(run("add", "+16085550142", "nwes")).isEqualTo(1);
    assertThat(run("add", null, null)).isEqualTo(2);
    assertThat(run("forget", "+16085550142", null)).isEqualTo(2);
    run("list", null, null);
    assertThat(said).isEmpty();
  }

  @Test
  @DisabledIfSystemProperty(named = "relay.test.store", matches = "postgresql")
  void aStoreThatIsServedByAnotherProcessIsLeftAlone() {
    try (ScriptedLife serving = new ScriptedLife(directory)) {
      assertThat(serving.address()).isEqualTo(url);
      assertThatThrownBy(() -> run("add", "+16085550142", null))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("another one serves");
    }
  }

  @Test
  void withoutARelayAndAStoreNoneIsMade() {
    url = StoreAddress.of("jdbc:sqlite:" + directory.resolve("none.db"));
    assertThatThrownBy(() -> run("add", "+16085550142", null))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("found neither");
    assertThat(directory.resolve("none.db")).doesNotExist();
  }
}
