package io.appointmentrelay.intake.redox;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.intake.fhir.Identifier;
import io.appointmentrelay.intake.json.Json;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the Data Model's providers and locations. */
final class SchedulingParty {

  private SchedulingParty() {}

  /** The first that says who it is, by id or name; a name reads "Pat Granite, MD". */
  static @Nullable Party provider(JsonNode... candidates) {
    return Arrays.stream(candidates)
        .map(SchedulingParty::provider)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** A place by the names a patient looks for: facility, department and room. */
  static @Nullable Party location(JsonNode location) {
    String room = Json.text(location, "Room");
    String name =
        joined(
            ", ",
            Json.text(location, "Facility"),
            Json.text(location, "Department"),
            room == null ? null : "Room " + room);
    return name == null ? null : Party.named(name);
  }

  private static @Nullable Party provider(JsonNode provider) {
    String name = joined(" ", Json.text(provider, "FirstName"), Json.text(provider, "LastName"));
    Identifier id = Identifier.of(Json.text(provider, "IDType"), Json.text(provider, "ID"));
    String reference = id == null ? null : id.token();
    if (name == null) {
      return reference == null ? null : new Party(reference, null);
    }
    return new Party(reference, joined(", ", name, credentials(provider.path("Credentials"))));
  }

  private static @Nullable String credentials(JsonNode credentials) {
    String lone = Json.text(credentials);
    if (lone != null || !credentials.isArray()) {
      return lone;
    }
    Stream.Builder<@Nullable String> all = Stream.builder();
    credentials.forEach(credential -> all.add(Json.text(credential)));
    return joined(", ", all.build());
  }

  private static @Nullable String joined(String separator, @Nullable String... parts) {
    return joined(separator, Arrays.stream(parts));
  }

  private static @Nullable String joined(String separator, Stream<@Nullable String> parts) {
    String joined = parts.filter(Objects::nonNull).collect(Collectors.joining(separator));
    return joined.isEmpty() ? null : joined;
  }
}
