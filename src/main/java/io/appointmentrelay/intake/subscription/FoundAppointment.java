package io.appointmentrelay.intake.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.intake.fhir.BundleIndex;
import io.appointmentrelay.intake.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An Appointment that a search found, as a notification of our own: a Bundle of type collection
 * with a tag. Who may speak for the source may send one too.
 */
public final class FoundAppointment {

  private static final String SYSTEM = "urn:appointment-relay:event";
  private static final String FOUND = "found";

  private FoundAppointment() {}

  /**
   * Writes one.
   *
   * @param id tells two findings apart whose Appointment is the same
   */
  public static byte[] of(JsonNode appointment, String id) {
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "collection").put("id", id);
    bundle.putObject("meta").putArray("tag").addObject().put("system", SYSTEM).put("code", FOUND);
    bundle.putArray("entry").addObject().set("resource", appointment);
    return bundle.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The Appointment of one; null if it is something else. */
  static @Nullable JsonNode in(JsonNode root) {
    boolean isOne = false;
    for (JsonNode tag : Json.items(root.path("meta").path("tag"))) {
      isOne |= SYSTEM.equals(Json.text(tag, "system")) && FOUND.equals(Json.text(tag, "code"));
    }
    JsonNode resource = root.path("entry").path(0).path("resource");
    boolean isAppointment = "Appointment".equals(Json.text(resource, "resourceType"));
    return isOne && isAppointment ? resource : null;
  }

  /** No entry of a lone resource's. */
  static BundleIndex alone() {
    return new BundleIndex(JsonNodeFactory.instance.objectNode());
  }
}
