package io.appointmentrelay.messaging;

import io.appointmentrelay.appointment.AppointmentRecord;
import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.EventKind;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Told;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text may say of a visit, in no language yet. Every value is one short line, whatever the
 * sender wrote; absent means that nothing is said of it.
 *
 * @param givenName only if it reads like a name
 * @param zone the zone of the visit
 * @param patientZone where the person lives, if known
 * @param oldStart the start they were told before, if it differs
 * @param modality {@code in-person}, {@code video} or {@code phone}
 * @param link where a video visit is held: http or https
 * @param differences what else differs from what they were told
 * @param questionnaire where the questions before the visit are answered: http or https
 * @param staff what only staff are told; absent: it is for somebody else
 * @param reply how it can be answered; absent: it cannot
 */
public record VisitModel(
    @Nullable String givenName,
    Clinic clinic,
    ZoneId zone,
    @Nullable ZoneId patientZone,
    @Nullable Instant start,
    @Nullable Instant oldStart,
    @Nullable String place,
    @Nullable String practitioner,
    @Nullable String type,
    @Nullable String modality,
    @Nullable String link,
    List<Difference> differences,
    @Nullable String questionnaire,
    @Nullable ForStaff staff,
    @Nullable Reply reply) {

  /** A visit that nobody can answer to. */
  public VisitModel(
      @Nullable String givenName,
      Clinic clinic,
      ZoneId zone,
      @Nullable ZoneId patientZone,
      @Nullable Instant start,
      @Nullable Instant oldStart,
      @Nullable String place,
      @Nullable String practitioner,
      @Nullable String type,
      @Nullable String modality,
      @Nullable String link,
      List<Difference> differences,
      @Nullable String questionnaire,
      @Nullable ForStaff staff) {
    this(
        givenName,
        clinic,
        zone,
        patientZone,
        start,
        oldStart,
        place,
        practitioner,
        type,
        modality,
        link,
        differences,
        questionnaire,
        staff,
        null);
  }

  /**
   * What only staff are told.
   *
   * @param appointment what the source calls the appointment
   * @param news what happened to it, or what the patient replied; absent: it is not about news
   * @param said what the patient wrote, word for word; absent: nothing
   */
  public record ForStaff(
      @Nullable String appointment, @Nullable EventKind news, @Nullable String said) {
    /** Of what nobody wrote. */
    public ForStaff(@Nullable String appointment, @Nullable EventKind news) {
      this(appointment, news, null);
    }

    /** Prints no words. */
    @Override
    public String toString() {
      return "ForStaff[" + news + "]";
    }
  }

  /**
   * How a patient can answer.
   *
   * @param answered what they have said of the visit as it is; absent: nothing, and they may be
   *     asked
   * @param byText whether words that are sent back are heard
   * @param links absent: there are none
   */
  public record Reply(@Nullable EventKind answered, boolean byText, @Nullable Links links) {

    boolean isOffered() {
      return answered == null;
    }
  }

  /** Where an answer is given by a tap: addresses that are good for this message alone. */
  public record Links(String confirm, String decline, String call) {
    /** Prints no address: who has it can answer. */
    @Override
    public String toString() {
      return "Links[]";
    }
  }

  /**
   * One thing that differs; the old value is absent where nobody knows how a person would say it.
   */
  public record Difference(Kind kind, @Nullable String before) {}

  /** What a person notices of a visit besides its time. */
  public enum Kind {
    LOCATION,
    PRACTITIONER,
    MODALITY,
    LINK;

    /** The field's name in a {@link Change}, and in the words of a language. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int LONGEST_VALUE = 100;
  private static final int LONGEST_NAME = 40;
  private static final int LONGEST_REPLY = 320;
  private static final int LONGEST_LINK = 500;

  // Telephones make links of what looks like an address, and a name is what anybody may type into
  // a registration form: without slash, digit or a full stop inside a word there is nothing to tap.
  private static final Pattern NAME =
      Pattern.compile("\\p{L}[\\p{L}\\p{M}]*\\.?(?:[ '\u2019-]\\p{L}[\\p{L}\\p{M}]*\\.?)*");

  public VisitModel {
    givenName = name(givenName);
    place = value(place);
    practitioner = value(practitioner);
    type = value(type);
    link = webAddress(link);
    questionnaire = webAddress(questionnaire);
    clinic =
        new Clinic(
            Plain.line(clinic.name(), LONGEST_VALUE),
            value(clinic.phone()),
            clinic.zone(),
            clinic.region(),
            webAddress(clinic.questionnaire()));
    differences =
        differences.stream().map(d -> new Difference(d.kind(), value(d.before()))).toList();
  }

  /**
   * What may be said now.
   *
   * @param before what the recipient was last told; absent: nothing yet
   * @param changes what a source said differs, where that is known beside what was told; fields
   *     that no person would notice are passed over
   * @param zone the zone of the visit
   */
  public static VisitModel of(
      AppointmentRecord now,
      @Nullable Told before,
      List<Change> changes,
      PatientProfile patient,
      Clinic clinic,
      ZoneId zone) {
    Details details = now.details();
    return new VisitModel(
        patient.givenName(),
        clinic,
        zone,
        patient.zone(),
        details.start(),
        oldStart(before, details.start()),
        nameOf(details.location()),
        nameOf(details.practitioner()),
        details.type(),
        details.modality(),
        details.link(),
        differences(before, changes, details),
        clinic.questionnaire(),
        null,
        null);
  }

  /** The same visit, to whose message there is an answer. */
  public VisitModel withReply(@Nullable Reply answer) {
    return new VisitModel(
        givenName,
        clinic,
        zone,
        patientZone,
        start,
        oldStart,
        place,
        practitioner,
        type,
        modality,
        link,
        differences,
        questionnaire,
        staff,
        answer);
  }

  /** The same visit as those see it who work where it takes place. */
  public VisitModel forStaff(String appointment, @Nullable EventKind news) {
    return forStaff(appointment, news, null);
  }

  /**
   * The same visit as those see it who work where it takes place.
   *
   * @param said what the patient wrote; absent: nothing
   */
  public VisitModel forStaff(String appointment, @Nullable EventKind news, @Nullable String said) {
    return new VisitModel(
        givenName,
        clinic,
        zone,
        null,
        start,
        oldStart,
        place,
        practitioner,
        type,
        modality,
        link,
        differences,
        questionnaire,
        new ForStaff(
            value(appointment), news, said == null ? null : Plain.line(said, LONGEST_REPLY)),
        null);
  }

  /** The same visit, with the place where questions are answered before it. */
  public VisitModel withQuestionnaire(@Nullable String address) {
    return new VisitModel(
        givenName,
        clinic,
        zone,
        patientZone,
        start,
        oldStart,
        place,
        practitioner,
        type,
        modality,
        link,
        differences,
        address,
        staff,
        reply);
  }

  /** The same visit, with nothing known that tells more of a person. */
  VisitModel atMost(Phi tier) {
    return switch (tier) {
      case FULL -> this;
      case VISIT ->
          new VisitModel(
              givenName,
              clinic,
              zone,
              patientZone,
              start,
              oldStart,
              place,
              practitioner,
              null,
              modality,
              link,
              differences,
              questionnaire,
              staff == null ? null : new ForStaff(staff.appointment(), staff.news()),
              reply);
      case NONE ->
          new VisitModel(
              null,
              clinic,
              clinic.zone(),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              List.of(),
              questionnaire,
              null);
    };
  }

  /** Never prints anything of a visit. */
  @Override
  public String toString() {
    return "VisitModel[" + differences.size() + " differences]";
  }

  private static @Nullable Instant oldStart(@Nullable Told before, @Nullable Instant start) {
    return before == null || before.start() == null || before.start().equals(start)
        ? null
        : before.start();
  }

  private static List<Difference> differences(
      @Nullable Told before, List<Change> changes, Details now) {
    List<Difference> differences = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      boolean reported = changes.stream().anyMatch(change -> change.field().equals(kind.word()));
      boolean noticed = before != null && isNoticed(before, now, kind);
      if (reported || noticed) {
        differences.add(new Difference(kind, before == null ? null : told(before, kind)));
      }
    }
    return differences;
  }

  private static boolean isNoticed(Told before, Details now, Kind kind) {
    return switch (kind) {
      case LOCATION -> isNoticed(before.location(), now.location());
      case PRACTITIONER -> isNoticed(before.practitioner(), now.practitioner());
      case MODALITY -> isNoticed(before.modality(), now.modality());
      case LINK -> isNoticed(before.link(), now.link());
    };
  }

  /** A person notices another name; another spelling of the same party is none. */
  private static boolean isNoticed(@Nullable Party told, @Nullable Party now) {
    boolean sameReference =
        told != null
            && now != null
            && told.reference() != null
            && told.reference().equals(now.reference());
    return !sameReference && isNoticed(nameOf(told), nameOf(now));
  }

  private static boolean isNoticed(@Nullable String told, @Nullable String now) {
    return told != null && now != null && !told.equalsIgnoreCase(now);
  }

  /** The old value as a person knows it: a change itself may hold only the sender's reference. */
  private static @Nullable String told(Told before, Kind kind) {
    return switch (kind) {
      case LOCATION -> nameOf(before.location());
      case PRACTITIONER -> nameOf(before.practitioner());
      case MODALITY -> before.modality();
      // The old link leads nowhere any more.
      case LINK -> null;
    };
  }

  private static @Nullable String nameOf(@Nullable Party party) {
    return party == null ? null : party.name();
  }

  private static @Nullable String name(@Nullable String given) {
    String name = value(given);
    return name != null && name.length() <= LONGEST_NAME && NAME.matcher(name).matches()
        ? name
        : null;
  }

  private static @Nullable String value(@Nullable String said) {
    String value = said == null ? "" : Plain.line(said, LONGEST_VALUE);
    return value.isEmpty() ? null : value;
  }

  private static @Nullable String webAddress(@Nullable String said) {
    if (said == null || said.length() > LONGEST_LINK) {
      return null;
    }
    try {
      URI address = new URI(said.strip());
      boolean leadsToTheWeb =
          "https".equalsIgnoreCase(address.getScheme())
              || "http".equalsIgnoreCase(address.getScheme());
      return leadsToTheWeb && address.getHost() != null ? address.toASCIIString() : null;
    } catch (URISyntaxException notAnAddress) {
      return null;
    }
  }
}
