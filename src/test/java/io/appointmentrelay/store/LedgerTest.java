package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.EventNumber;
import io.appointmentrelay.store.AuditReport.ChannelCounts;
import io.appointmentrelay.store.AuditReport.SourceCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
          .isEqualTo(
              new AuditReport(
                  true,
                  List.of(),
                  List.of(),
                  List.of(),
                  new AuditReport.Accepted(0, "0".repeat(64))));
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
          UPDATE delivery SET sent_at = NULL WHERE id = 1                | when it was sent   | : 1.
          UPDATE delivery SET appointment = 99 WHERE id = 3              | first of its chain | : 3.
          UPDATE delivery SET root = 99 WHERE id = 3                     | first of its chain | : 3.
          UPDATE message SET body = body_hash WHERE id = 4               | that was accepted  | : 4.
          UPDATE message SET body_hash = link WHERE id = 4               | that was accepted  | : 4.
          UPDATE message SET body_hash = link WHERE id = 4               | linked to the one  | : 4 (after 3).
          UPDATE message SET link = body_hash WHERE id = 4               | linked to the one  | : 4 (after 3), 5 (after 4).
          UPDATE notification SET source = 'canvas' WHERE message = 4    | linked to the one  | : 4 (after 3).
          UPDATE notification SET source = 'redox-fhix' WHERE message = 4 | linked to the one | : 4 (after 3).
          UPDATE notification SET received_at = 7 WHERE message = 4      | linked to the one  | : 4 (after 3).
          DELETE FROM notification WHERE message = 9 AND part = 3        | linked to the one  | : 9 (after 8).
          DELETE FROM message WHERE id = 4                               | linked to the one  | : 5 (after 3).
          DELETE FROM message WHERE id = 1                               | linked to the one  | : 2 (the first).
          DELETE FROM appointment WHERE identifier = 'A3'                | timeline belongs   | : 3.
          """)
  void whatIsMissingOrChangedIsFoundWithItsIds(String tampering, String rule, String ids) {
    life.tamper(tampering);

    AuditReport report = ledger.audit();

    assertThat(report.addsUp()).isFalse();
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem).contains(rule).endsWith(ids));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DELETE FROM message WHERE id > 8                  | Message 10 was accepted | after message 8.
          DELETE FROM message                               | Message 10 was accepted | after message 0.
          UPDATE message SET link = body_hash WHERE id = 10 | written down            | : 10.
          """)
  void anEndThatIsNotTheOneThatWasWrittenDownIsFound(String tampering, String rule, String ids) {
    awaitWrittenEnd();
    life.tamper(tampering);

    assertThat(ledger.audit().problems())
        .anySatisfy(problem -> assertThat(problem).contains(rule).endsWith(ids));
  }

  @Test
  void whatIsAcceptedAfterTheEndWasCutOffDoesNotCoverItUp() {
    awaitWrittenEnd();
    life.tamper("DELETE FROM notification WHERE message > 8");
    life.tamper("DELETE FROM message WHERE id > 8");
    life.close();
    life = new ScriptedLife(directory);
    life.arrives("canvas", "C1", ScriptedLife.NOW);

    assertThat(new Ledger(life.database()).audit().problems())
        .anySatisfy(problem -> assertThat(problem).endsWith(": 11 (after 8)."));
  }

  @Test
  void theChainHoldsAlsoWhenUnitsOfABatchFailAfterTheyWereLinked() {
    List<EventNumber> broken = Collections.singletonList(null);
    NewPart failsOnceLinked = new NewPart("x", "D", "D", null, null, broken);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      NewPart part = new NewPart("x", "D" + i, "D" + i, null);
      all.add(accept(part));
      all.add(accept(part, failsOnceLinked));
    }
    all.forEach(one -> one.exceptionally(failure -> null).join());

    AuditReport report = ledger.audit();

    assertThat(report.problems()).isEmpty();
    assertThat(report.chain().messages()).isEqualTo(110);
  }

  private CompletableFuture<?> accept(NewPart... parts) {
    return life.store()
        .inbox()
        .accept("canvas", ScriptedLife.NOW, ScriptedLife.body("D"), Arrays.asList(parts));
  }

  private void awaitWrittenEnd() {
    await()
        .until(
            () ->
                life.text("SELECT value FROM installation WHERE name = 'chain-head'")
                    .startsWith("10:"));
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
