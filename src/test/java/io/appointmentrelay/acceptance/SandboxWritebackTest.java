package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.HandIn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first run can show it: the make-believe EHRs take what is written, and tell of it. */
class SandboxWritebackTest {

  private static final String CANVAS_VISIT = "e999b5c7-d12f-498c-816a-f3c66946a911";

  private final RunningRelay relay =
      RunningRelay.with("relay.source.redox-fhir.writeback", "confirm,cancel")
          .set("relay.source.canvas.writeback", "confirm,cancel")
          .set("relay.source.redox-scheduling.writeback", "cancel")
          .start();

  @AfterEach
  void close() {
    relay.assertAccountedFor();
    relay.close();
  }

  private record Said(int status, String words) {}

  private Said command(String action, String appointment, Integer version) {
    StringWriter said = new StringWriter();
    int status =
        new HandIn(new ConsoleClient(relay.consolePort()))
            .run(action, appointment, version, new PrintWriter(said, true));
    return new Said(status, said.toString());
  }

  private void sent(int writebacks) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> relay.items("/api/deliveries?channel=ehr&status=sent").size() == writebacks);
    relay.awaitIdleInbox();
    relay.awaitIdleOutbox();
  }

  @Test
  void redoxTakesBothAndTellsOfBoth() {
    relay.sendSample("redox-fhir/booked", false);

    assertThat(command("confirm", "redox-fhir/321654654", null).words())
        .contains("Handed in as notification", "to version 1");
    sent(1);
    assertThat(relay.events("redox-fhir", "321654654"))
        .containsExactly("BOOKED", "UNCHANGED", "UNCHANGED");
    assertThat(command("cancel", "redox-fhir/321654654", 1).status()).isZero();
    sent(2);

    assertThat(relay.events("redox-fhir", "321654654"))
        .containsExactly("BOOKED", "UNCHANGED", "UNCHANGED", "UNCHANGED", "CANCELLED");
    assertThat(relay.messages("sms")).hasSize(2);
  }

  @Test
  void canvasKeepsBoth() {
    relay.sendSample("canvas/created", false);

    assertThat(command("confirm", "canvas/" + CANVAS_VISIT, null).status()).isZero();
    sent(1);
    assertThat(command("cancel", "canvas/" + CANVAS_VISIT, null).status()).isZero();
    sent(2);

    List<JsonNode> written = relay.items("/api/deliveries?channel=ehr");
    assertThat(RunningRelay.texts(written, "providerId"))
        .containsExactlyInAnyOrder("W/\"2\"", "W/\"3\"");
    assertThat(relay.appointment("canvas", CANVAS_VISIT).path("status").asText())
        .isEqualTo("cancelled");
    assertThat(relay.messages("sms")).hasSize(2);
  }

  @Test
  void theCommandSaysWhatIsWrong() {
    relay.sendSample("redox-fhir/booked", false);

    assertThat(command("move", "redox-fhir/321654654", null).status()).isEqualTo(2);
    assertThat(command("confirm", "321654654", null).status()).isEqualTo(2);
    assertThat(command("confirm", "redox-fhir/1 2/3", null))
        .satisfies(said -> assertThat(said.status()).isEqualTo(1))
        .satisfies(said -> assertThat(said.words()).contains("Expected an appointment"));
    assertThat(command("confirm", "redox-fhir/321654654", 9).words()).contains("to version 9");
    assertThat(relay.items("/api/deliveries?channel=ehr")).isEmpty();
  }
}
