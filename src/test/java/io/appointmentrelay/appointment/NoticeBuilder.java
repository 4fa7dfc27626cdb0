package io.appointmentrelay.appointment;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Notices for tests: what is not set is not said. */
public final class NoticeBuilder {

  public static final Instant START = Instant.parse("2026-09-01T14:00:00Z");
  public static final Duration LENGTH = Duration.ofMinutes(30);

  private final String identifier;
  private String status;
  private Instant start;
  private Instant end;
  private ZoneId zone;
  private Party location;
  private Party practitioner;
  private String type;
  private String modality;
  private String link;
  private Instant oldStart;
  private String replaces;
  private PatientProfile patient;
  private Instant eventTime;

  private NoticeBuilder(String identifier) {
    this.identifier = identifier;
  }

  /** Says nothing but which appointment is meant. */
  public static NoticeBuilder bare(String identifier) {
    return new NoticeBuilder(identifier);
  }

  /** A visit with everything said. */
  public static NoticeBuilder visit(String identifier) {
    return bare(identifier)
        .start(START)
        .zone("America/Chicago")
        .location(new Party("loc-1", "Main Street"))
        .practitioner(new Party("npi-1", "Pat Granite"))
        .type("Check-up")
        .modality("in-person")
        .patient(PatientProfile.of("mrn-1"));
  }

  /** With an end {@link #LENGTH} later. */
  public NoticeBuilder start(Instant start) {
    this.start = start;
    this.end = start == null ? null : start.plus(LENGTH);
    return this;
  }

  public NoticeBuilder end(Instant end) {
    this.end = end;
    return this;
  }

  public NoticeBuilder zone(String zone) {
    this.zone = ZoneId.of(zone);
    return this;
  }

  public NoticeBuilder location(Party location) {
    this.location = location;
    return this;
  }

  public NoticeBuilder practitioner(Party practitioner) {
    this.practitioner = practitioner;
    return this;
  }

  public NoticeBuilder type(String type) {
    this.type = type;
    return this;
  }

  public NoticeBuilder modality(String modality) {
    this.modality = modality;
    return this;
  }

  public NoticeBuilder link(String link) {
    this.link = link;
    return this;
  }

  public NoticeBuilder status(String status) {
    this.status = status;
    return this;
  }

  public NoticeBuilder oldStart(Instant oldStart) {
    this.oldStart = oldStart;
    return this;
  }

  public NoticeBuilder replaces(String replaces) {
    this.replaces = replaces;
    return this;
  }

  public NoticeBuilder patient(PatientProfile patient) {
    this.patient = patient;
    return this;
  }

  public NoticeBuilder eventTime(Instant eventTime) {
    this.eventTime = eventTime;
    return this;
  }

  public AppointmentNotice build() {
    return new AppointmentNotice(
        "a label",
        identifier,
        null,
        status,
        new Details(start, end, zone, location, practitioner, type, modality, link),
        oldStart,
        replaces,
        patient,
        eventTime,
        false);
  }
}
