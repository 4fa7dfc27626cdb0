package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.store.AuditReport.ChannelCounts;
import io.appointmentrelay.store.AuditReport.SourceCounts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTest {

  @TempDir Path directory;
  private ScriptedLife life;
  private Ledger ledger;

  @BeforeEach
  void aLifeWithEverythingInIt() {
    life = new ScriptedLife(directory);
    ledger = new Ledger(life.database());
    List<Delivery> first = life.booked("A1"); // 1-1; deliveries 1, 2
    life.sent(first.get(0));
    life.dead(first.get(1));
    life.moved("A1", 1); // 2-1; delivery 3
    List<Delivery> last = life.moved("A1", 2); // 3-1; delivery 4 supersedes 3
    life.suppressed(last.get(0));
    List<Delivery> second = life.booked("A2"); // 4-1; deliveries 5, 6
    life.store().outbox().cancel(second.get(0).id()).join();
    life.claimed(second.get(1));
    life.replaces("A3", "A2"); // 5-1; delivery 7
    life.arrivesTwice("A4"); // 6-1, 7-1
    life.parked("canvas", "A5", "unreadable"); // 8-1
    life.arrivesAboutSeveral("A6", "A7", "A8"); // 9-1 … 9-3
    life.slots(3); // 10-1
  }

  @AfterEach
  void end() {
    life.close();
  }

  @Test
  void aWholeLifeAddsUp() {
    AuditReport report = ledger.audit();

    assertThat(report.problems()).isEmpty();
    assertThat(report.addsUp()).isTrue();
    assertThat(report.sources())
        .containsExactly(
            new SourceCounts("canvas", 1, 0, 0, 1, 0),
            new SourceCounts("redox-fhir", 10, 1, 5, 0, 4),
            new SourceCounts("redox-scheduling", 1, 0, 1, 0, 0));
    assertThat(report.channels())
        .containsExactly(
            new ChannelCounts("email", 5, 1, 0, 1, 1, 1, 1),
            new ChannelCounts("webhook", 2, 0, 1, 0, 0, 0, 1));
  }

  @Test
  void anEmptyStoreAddsUp() {
    try (ScriptedLife empty = new ScriptedLife(directory.resolve("empty"))) {
      assertThat(new Ledger(empty.database()).audit())
          .isEqualTo(new AuditReport(true, List.of(), List.of(), List.of()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DELETE FROM message WHERE id = 9                               | has the body       | : 9-1, 9-2, 9-3.
          DELETE FROM notification WHERE message = 6                     | body belongs       | : 6.
          DELETE FROM notification WHERE message = 9 AND part = 2        | without a gap      | : 9.
          DELETE FROM timeline WHERE message = 2                         | is on its timeline | : 2-1.
          DELETE FROM timeline WHERE message = 2                         | of its revisions   | : redox-fhir/A1.
          UPDATE appointment SET revision = 9 WHERE identifier = 'A2'    | of its revisions   | : redox-fhir/A2.
          UPDATE notification SET status = 'processed' WHERE message = 6 | is on its timeline | : 6-1.
          UPDATE notification SET status = 'lost' WHERE message = 4      | received, duplicate| : 4-1.
          UPDATE delivery SET status = 'sended' WHERE id = 1             | statuses of its life | : 1.
          UPDATE delivery SET lease_until = NULL WHERE id = 6            | has a lease        | : 6.
          UPDATE delivery SET sent_at = NULL WHERE id = 1                | when it was sent   | : 1.
          UPDATE delivery SET appointment = 99 WHERE id = 3              | first of its chain | : 3.
          UPDATE delivery SET root = 99 WHERE id = 3                     | first of its chain | : 3.
          DELETE FROM appointment WHERE identifier = 'A3'                | timeline belongs   | : 3.
          """)
  void whatIsMissingOrChangedIsFoundWithItsIds(String tampering, String rule, String ids) {
    life.tamper(tampering);

    AuditReport report = ledger.audit();

    assertThat(report.addsUp()).isFalse();
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem).contains(rule).endsWith(ids));
  }

  @Test
  void theCountsAloneSeeAnUnknownStatus() {
    life.tamper("UPDATE notification SET status = 'lost' WHERE message = 4");

    AuditReport report = ledger.counts();

    assertThat(report.addsUp()).isFalse();
    assertThat(report.problems()).singleElement().asString().endsWith(": 4-1.");
  }

  @Test
  void aLongListOfIdsIsCutShort() {
    for (int i = 0; i < 60; i++) {
      life.arrives("canvas", "B" + i, ScriptedLife.NOW);
    }
    life.tamper("UPDATE notification SET status = 'lost' WHERE source = 'canvas'");

    assertThat(ledger.counts().problems()).singleElement().asString().endsWith(" and more.");
  }
}
