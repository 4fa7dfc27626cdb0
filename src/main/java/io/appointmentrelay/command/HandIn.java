package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.command.ConsoleClient.Answer;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands in that a patient confirms or cancels an appointment, so that its EHR knows. */
public final class HandIn {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;

  private final ConsoleClient console;

  public HandIn(ConsoleClient console) {
    this.console = console;
  }

  /**
   * Does what is asked, and says so.
   *
   * @param appointment {@code source/identifier}
   * @param version the version that was answered; absent: the one known now
   * @return the exit status: 0; 1 if it was not done; 2 if it was not understood
   */
  public int run(String action, String appointment, @Nullable Integer version, PrintWriter out) {
    int slash = appointment.indexOf('/');
    boolean isUnderstood =
        Writeback.of(action).isPresent() && slash > 0 && slash < appointment.length() - 1;
    if (!isUnderstood) {
      out.println(
          "writeback expects confirm or cancel, and an appointment as source/identifier; found something else."
              + " Nothing was changed.");
      return WRONG_USE;
    }
    String path =
        "/api/appointments/"
            + encoded(appointment.substring(0, slash))
            + "/"
            + encoded(appointment.substring(slash + 1))
            + "/"
            + action;
    Optional<Answer> asked =
        console.ask("POST", path, version == null ? Map.of() : Map.of("version", version));
    if (asked.isEmpty()) {
      out.println(
          "Expected a running relay; found none. Start it, or correct relay.console.port. Nothing was changed.");
      return NOT_DONE;
    }
    Answer answer = asked.get();
    if (!answer.isDone()) {
      out.println(answer.error());
      return NOT_DONE;
    }
    JsonNode receipt = answer.body();
    out.println(
        "Handed in as notification "
            + receipt.path("notification").asText()
            + ", to version "
            + receipt.path("version").asText()
            + " of the appointment; whether the EHR has it stands at /api/deliveries?channel=ehr");
    return DONE;
  }

  private static String encoded(String piece) {
    return URLEncoder.encode(piece, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
