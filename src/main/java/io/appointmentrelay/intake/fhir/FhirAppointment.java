package io.appointmentrelay.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.intake.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what an Appointment resource says of the visit itself. */
public final class FhirAppointment {

  private static final String PREVIOUS = "previously rescheduled appointment";

  private FhirAppointment() {}

  /** When, where and with whom; {@code zone} is for times without an offset. */
  public static Details details(JsonNode appointment, List<Participant> participants, ZoneId zone) {
    Instant start = LenientTime.instant(Json.text(appointment, "start"), zone);
    String type = FhirText.concept(appointment.path("appointmentType"));
    return new Details(
        start,
        VisitLength.end(start, LenientTime.instant(Json.text(appointment, "end"), zone)),
        null,
        first(participants, Participant::isLocation),
        first(participants, Participant::isPractitioner),
        type != null ? type : FhirText.concept(appointment.path("serviceType")),
        Modality.of(appointment),
        link(appointment));
  }

  /** What an Appointment says that came alone, as the answer to a question. */
  public static Details alone(JsonNode appointment, ZoneId zone) {
    Details said = details(appointment, participants(appointment), zone);
    Details placed =
        said.location() == null ? said.withLocation(supportingPlace(appointment)) : said;
    boolean online = placed.link() != null && placed.modality() == null;
    return online ? placed.withModality("video") : placed;
  }

  /** Who takes part in an Appointment that came alone. */
  public static List<Participant> participants(JsonNode appointment) {
    return Participant.of(appointment, new BundleIndex(JsonNodeFactory.instance.objectNode()));
  }

  /** Canvas's place is no participant (CONTRACTS §5). */
  private static @Nullable Party supportingPlace(JsonNode appointment) {
    for (JsonNode support : Json.items(appointment.path("supportingInformation"))) {
      ConditionalUrl url = ConditionalUrl.of(Json.text(support, "reference"));
      Identifier place = "Location".equals(url.type()) ? url.identifier() : null;
      if (place != null) {
        return new Party(place.token(), Json.text(support, "display"));
      }
    }
    return null;
  }

  /**
   * FHIR's word for the status. The EHR's own word, which Redox keeps in an extension, wins where
   * it says no-show or the status itself is not understood.
   */
  public static @Nullable String status(JsonNode appointment) {
    String status = FhirStatus.of(Json.text(appointment, "status"));
    JsonNode original = FhirText.extension(appointment.path("_status"), "originalText");
    String ownWord = original == null ? null : FhirStatus.of(Json.text(original));
    boolean noShowFiledAsCancelled = "cancelled".equals(status) && "noshow".equals(ownWord);
    return status == null || noShowFiledAsCancelled ? ownWord : status;
  }

  /** The start before a move, from an extension whose URL nobody has confirmed (CONTRACTS §1.6). */
  public static @Nullable Instant oldStart(JsonNode appointment, ZoneId zone) {
    JsonNode value = FhirText.extensionAnywhere(appointment, "oldDateTime");
    return value == null ? null : LenientTime.instant(Json.text(value), zone);
  }

  /** The visit number before a move, as {@link #oldStart}. */
  public static @Nullable Identifier replaced(JsonNode appointment) {
    JsonNode value = FhirText.extensionAnywhere(appointment, "oldVisitNumber");
    if (value == null) {
      return null;
    }
    return value.isObject() ? Identifier.of(value) : Identifier.of(null, Json.text(value));
  }

  /** Whose place it takes, as Canvas says it (CONTRACTS §1.11). */
  public static @Nullable String previous(JsonNode appointment) {
    for (JsonNode support : Json.items(appointment.path("supportingInformation"))) {
      String display = Json.text(support, "display");
      ConditionalUrl url = ConditionalUrl.of(Json.text(support, "reference"));
      Identifier identifier = url.identifier();
      boolean isPrevious = display != null && display.toLowerCase(Locale.ROOT).contains(PREVIOUS);
      if (isPrevious && "Appointment".equals(url.type()) && identifier != null) {
        return identifier.value();
      }
    }
    return null;
  }

  private static @Nullable Party first(
      List<Participant> participants, Predicate<Participant> wanted) {
    for (Participant participant : participants) {
      Party party = wanted.test(participant) ? participant.party() : null;
      if (party != null) {
        return party;
      }
    }
    return null;
  }

  private static @Nullable String link(JsonNode appointment) {
    for (JsonNode resource : Json.items(appointment.path("contained"))) {
      String address = Json.text(resource, "address");
      boolean endpoint = "Endpoint".equals(Json.text(resource, "resourceType"));
      if (endpoint && address != null && isWebAddress(address)) {
        return address;
      }
    }
    return null;
  }

  private static boolean isWebAddress(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    return lower.startsWith("https://") || lower.startsWith("http://");
  }
}
