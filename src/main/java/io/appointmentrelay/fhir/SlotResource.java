package io.appointmentrelay.fhir;

import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.store.ConsoleReads.CalendarSlot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Schedule;
import org.hl7.fhir.r4.model.Slot;
import org.hl7.fhir.r4.model.Slot.SlotStatus;

/** A slot as FHIR R4's Slot; its Schedule, which is nothing but whose it is and where, inside. */
final class SlotResource {

  /** What sources say of time that nobody may book, in the words that occur. */
  private static final Pattern CLOSED =
      Pattern.compile("unavailable|not available|block|busy|hold|held|closed|out of office");

  private SlotResource() {}

  static Slot of(CalendarSlot slot, ZoneId zone) {
    Slot resource = new Slot();
    resource.setId(id(slot));
    resource.getMeta().setSource(Urns.source(slot.source()));
    if (slot.id() != null) {
      resource.addIdentifier(
          new Identifier().setSystem(Urns.source(slot.source())).setValue(slot.id()));
    }
    resource.addContained(schedule(slot));
    resource.setSchedule(new Reference("#schedule"));
    if (slot.provider() != null) {
      resource.getSchedule().setDisplay(slot.provider().shown());
    }
    resource.setStatus(status(slot));
    resource.setStartElement(VisitResource.instant(slot.start(), zone));
    Integer minutes = slot.minutes();
    resource.setEndElement(
        minutes == null
            ? VisitResource.absent()
            : VisitResource.instant(slot.start().plus(Duration.ofMinutes(minutes)), zone));
    if (slot.reason() != null) {
      resource.setComment(slot.reason());
    }
    return resource;
  }

  /** The same for the same slot for ever. */
  private static String id(CalendarSlot slot) {
    String name = slot.source() + "\n" + slot.key();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  static SlotStatus status(CalendarSlot slot) {
    if (slot.taken()) {
      return SlotStatus.BUSY;
    }
    String reason = slot.reason() == null ? "" : slot.reason().toLowerCase(Locale.ROOT);
    return CLOSED.matcher(reason).find() ? SlotStatus.BUSYUNAVAILABLE : SlotStatus.FREE;
  }

  private static Schedule schedule(CalendarSlot slot) {
    Schedule schedule = new Schedule();
    schedule.setId("schedule");
    if (slot.provider() != null) {
      schedule.addActor(VisitResource.reference("Practitioner", slot.provider()));
    }
    if (slot.location() != null) {
      schedule.addActor(VisitResource.reference("Location", Party.named(slot.location())));
    }
    if (schedule.getActor().isEmpty()) {
      Reference nobody = new Reference();
      nobody.addExtension(VisitResource.ABSENT, new CodeType("unknown"));
      schedule.addActor(nobody);
    }
    return schedule;
  }
}
