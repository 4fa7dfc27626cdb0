package io.appointmentrelay.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.command.Sample;
import io.appointmentrelay.command.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;

/** Notifications of visits that are still to come, of a person who can be written to. */
final class Coming {

  static final String EMAIL = "casey.example@example.org";
  static final String PHONE = "+16085550112";

  private Coming() {}

  /** A booking by the Data Model, some days from now. */
  static byte[] booked(String visit, int days) {
    return scheduling("new", visit, inDays(days), message -> {});
  }

  static Instant inDays(int days) {
    return Instant.now().truncatedTo(ChronoUnit.HOURS).plus(days, ChronoUnit.DAYS);
  }

  /** A shipped sample of the Data Model about another visit. */
  static byte[] scheduling(String sample, String visit, Instant start, Consumer<ObjectNode> edit) {
    return edited(
        "redox-scheduling/" + sample,
        message -> {
          ((ObjectNode) message.path("Meta").path("Logs").path(0))
              .put("ID", UUID.randomUUID().toString());
          ObjectNode details = (ObjectNode) message.path("Visit");
          details.put("VisitNumber", visit).put("VisitDateTime", start.toString());
          edit.accept(message);
        });
  }

  static byte[] edited(String name, Consumer<ObjectNode> edit) {
    Sample sample = Samples.shipped().named(name).orElseThrow();
    try {
      ObjectNode message = (ObjectNode) RunningRelay.JSON.readTree(sample.body());
      edit.accept(message);
      return RunningRelay.JSON.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
