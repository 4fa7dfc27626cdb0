package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.ContactPerson;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.ContactPoint.Kind;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.messaging.Recipients.Choice;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientsTest {
  private static final Instant NOW = Instant.parse("2026-08-03T15:00:00Z");
  private static final Recipients REAL = with(false, false);
  private static final Recipients SANDBOX = with(true, false);

  @Test
  void aMobileComesBeforeHomeBeforeUnsaidBeforeWork() {
    ContactPoint work = ContactPoint.phone("608-555-0101", "work");
    ContactPoint unsaid = point(Kind.PHONE, "608-555-0102", null, null, null);
    ContactPoint home = ContactPoint.phone("608-555-0103", "home");
    ContactPoint mobile = ContactPoint.phone("608-555-0104", "mobile");
    assertThat(phone(work, unsaid, home, mobile)).isEqualTo("+16085550104");
    assertThat(phone(work, unsaid, home)).isEqualTo("+16085550103");
    assertThat(phone(work, unsaid)).isEqualTo("+16085550102");
    assertThat(phone(work)).isEqualTo("+16085550101");
  }

  @Test
  void aRankComesBeforeTheUse() {
    ContactPoint mobile = ContactPoint.phone("608-555-0104", "mobile");
    ContactPoint second = point(Kind.PHONE, "608-555-0103", "home", 2, null);
    ContactPoint first = point(Kind.PHONE, "608-555-0102", "work", 1, null);
    assertThat(phone(mobile, second, first)).isEqualTo("+16085550102");
  }

  @Test
  void amongEqualsTheSendersOrderDecides() {
    assertThat(
            phone(
                ContactPoint.phone("608-555-0104", "mobile"),
                ContactPoint.phone("608-555-0105", "mobile")))
        .isEqualTo("+16085550104");
  }

  @Test
  void whatIsOldOrEndedIsPassedOver() {
    ContactPoint old = point(Kind.PHONE, "608-555-0101", "old", 1, null);
    ContactPoint ended = point(Kind.PHONE, "608-555-0102", "mobile", 1, NOW);
    ContactPoint lasting = point(Kind.PHONE, "608-555-0103", "work", null, NOW.plusSeconds(1));
    assertThat(phone(old, ended, lasting)).isEqualTo("+16085550103");
    assertThat(phone(old, ended)).isNull();
  }

  @Test
  void whatHasNotBegunIsPassedOver() {
    ContactPoint next =
        new ContactPoint(Kind.PHONE, "608-555-0101", "mobile", 1, null, null, NOW.plusSeconds(1));
    ContactPoint begun = new ContactPoint(Kind.PHONE, "608-555-0102", "mobile", 2, null, null, NOW);
    assertThat(phone(next, begun)).isEqualTo("+16085550102");
    assertThat(phone(next)).isNull();
  }

  @Test
  void aContactPointThatSaysNoIsNeverTaken() {
    ContactPoint refused = consenting("608-555-0101", false);
    assertThat(phone(refused, ContactPoint.phone("608-555-0102", "work")))
        .isEqualTo("+16085550102");
    assertThat(REAL.phone(patient(refused), "US", NOW)).isEqualTo(new Choice(null, true));
  }

  @Test
  void whatIsRefusedOnceIsRefusedHoweverItIsWrittenElsewhere() {
    ContactPoint refused = consenting("608-555-0101", false);
    ContactPoint again = ContactPoint.phone("+1 (608) 555-0101", "home");
    assertThat(REAL.phone(patient(refused, again), "US", NOW)).isEqualTo(new Choice(null, true));
  }

  @Test
  void whatIsNoAddressIsNotCalledRefused() {
    assertThat(REAL.phone(patient(consenting("none", false)), "US", NOW)).isEqualTo(Choice.NONE);
  }

  @Test
  void whereConsentIsRequiredOnlyAYesWillDo() {
    Recipients strict = with(false, true);
    ContactPoint unsaid = ContactPoint.phone("608-555-0101", "mobile");
    ContactPoint agreed = consenting("608-555-0102", true);
    assertThat(strict.phone(patient(unsaid, agreed), "US", NOW).address())
        .isEqualTo("+16085550102");
    assertThat(strict.phone(patient(unsaid), "US", NOW)).isEqualTo(new Choice(null, true));
  }

  @ParameterizedTest
  @CsvSource({
    "(608) 555-0142, US, +16085550142",
    "6085551234, us, +16085551234",
    "5557327068, US, +15557327068",
    "+31612345678, US, +31612345678",
    "+1 608 555 1234, DE, +16085551234",
    "0171 1234567, DE, +491711234567",
  })
  void aNumberBecomesE164InTheRegionOfItsSource(String written, String region, String number) {
    assertThat(SANDBOX.phone(patient(ContactPoint.phone(written, "mobile")), region, NOW).address())
        .isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "none",
        "555-1234",
        "0000000000",
        "5555555555",
        "608-999-9999",
        "1234567890",
        "9876543210",
        "123",
        "+31201234567",
        "608-555-1234 x22",
        "+1608555123456789",
        "1-800-356-9377"
      })
  void aNumberThatNobodyReadsATextAtIsNone(String written) {
    assertThat(REAL.phone(patient(ContactPoint.phone(written, "mobile")), "US", NOW))
        .isEqualTo(Choice.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "jane",
        "jane@",
        "@gmail.com",
        "jane@gmail",
        "jane@straße.de",
        "jane doe@gmail.com",
        "jane@@gmail.com",
        "jane@gmail..com",
        ".jane@gmail.com",
        "jane@gmail.com\r\nBcc: all@evil.org",
        "jane\n@gmail.com",
        "jane@gma\u0000il.com",
        "Jane <jane@gmail.com>",
        "jane@gmail.com, joe@gmail.com",
        "\"jane\"@gmail.com",
        "jane@[127.0.0.1]",
        "jane@127.0.0.1",
        "none@gmail.com",
        "NoEmail@clinic.org",
        "no-email@clinic.org",
        "jane@noemail.com",
        "jane@example.com",
        "none@email.example.com",
        "jane@mail.EXAMPLE.org",
        "jane@clinic.invalid",
        "jane@clinic.test",
        "jane@clinic.example",
        "jane@host.localhost"
      })
  void anAddressThatNobodyReadsIsNone(String written) {
    assertThat(REAL.email(patient(ContactPoint.email(written)), NOW)).isEqualTo(Choice.NONE);
  }

  @Test
  void anAddressOfAnyLengthIsJudgedInNoTime() {
    PatientProfile patient = patient(ContactPoint.email("a.".repeat(1_000_000) + "@gmail.com"));
    assertThat(REAL.email(patient, NOW)).isEqualTo(Choice.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "jane@gmail.com, jane@gmail.com",
    "' jane@gmail.com ', jane@gmail.com",
    "Jane.O'Neil+visits@Mail.Clinic.ORG, Jane.O'Neil+visits@mail.clinic.org",
    "jane@münchen.de, jane@xn--mnchen-3ya.de",
    "jane@notexample.com, jane@notexample.com",
    "nonella@gmail.com, nonella@gmail.com",
  })
  void aRealAddressIsTaken(String written, String address) {
    assertThat(REAL.email(patient(ContactPoint.email(written)), NOW).address()).isEqualTo(address);
  }

  @Test
  void theNextBestIsTakenWhereTheBestIsAPlaceholder() {
    PatientProfile patient =
        patient(
            ContactPoint.email("none@none.org"),
            ContactPoint.email("jane@example.com"),
            ContactPoint.email("jane@gmail.com"));
    assertThat(REAL.email(patient, NOW).address()).isEqualTo("jane@gmail.com");
  }

  @Test
  void inTheSandboxAReservedDomainWillDoAndAPlaceholderWillNot() {
    PatientProfile patient =
        patient(
            ContactPoint.email("none@email.example.com"), ContactPoint.email("jane@example.com"));
    assertThat(SANDBOX.email(patient, NOW).address()).isEqualTo("jane@example.com");
  }

  private static String phone(ContactPoint... points) {
    return REAL.phone(patient(points), "US", NOW).address();
  }

  @Test
  void whoActsForAMinorIsWrittenToInTheirPlaceIfThatIsSet() {
    ContactPoint own = ContactPoint.phone("608-555-0101", "mobile");
    ContactPerson father = person(ContactPerson.Relation.PARENT, "608-555-0102");
    ContactPerson guardian = person(ContactPerson.Relation.GUARDIAN, "608-555-0103");
    Recipients forOthers = new Recipients(new Recipients.Rules(false, false, true));
    LocalDate lastDay = LocalDate.parse("2008-08-04");

    assertThat(to(forOthers, born(lastDay, own, father, guardian))).isEqualTo("+16085550103");
    assertThat(to(forOthers, born(lastDay, own, father))).isEqualTo("+16085550102");
    assertThat(to(REAL, born(lastDay, own, father, guardian))).isEqualTo("+16085550101");
  }

  @Test
  void ofAnAdultOnlyAGuardianIsWrittenTo() {
    ContactPoint own = ContactPoint.phone("608-555-0101", "mobile");
    ContactPerson father = person(ContactPerson.Relation.PARENT, "608-555-0102");
    ContactPerson guardian = person(ContactPerson.Relation.GUARDIAN, "608-555-0103");
    Recipients forOthers = new Recipients(new Recipients.Rules(false, false, true));
    LocalDate ofAgeToday = LocalDate.parse("2008-08-03");

    assertThat(to(forOthers, born(ofAgeToday, own, father))).isEqualTo("+16085550101");
    assertThat(to(forOthers, born(null, own, father))).isEqualTo("+16085550101");
    assertThat(to(forOthers, born(ofAgeToday, own, guardian))).isEqualTo("+16085550103");
  }

  @Test
  void whoseContactPersonCannotBeReachedIsWrittenToThemselves() {
    ContactPoint own = ContactPoint.phone("608-555-0101", "mobile");
    ContactPerson mother = person(ContactPerson.Relation.PARENT, "none");
    Recipients forOthers = new Recipients(new Recipients.Rules(false, false, true));

    assertThat(to(forOthers, born(LocalDate.parse("2020-01-01"), own, mother)))
        .isEqualTo("+16085550101");
  }

  private static String to(Recipients recipients, PatientProfile patient) {
    return recipients.phone(patient, "US", NOW).address();
  }

  private static ContactPerson person(ContactPerson.Relation relation, String number) {
    return new ContactPerson(relation, List.of(ContactPoint.phone(number, "mobile")));
  }

  private static PatientProfile born(LocalDate day, ContactPoint own, ContactPerson... persons) {
    return new PatientProfile(
        "MR|1", "Ana", "Roe", day, null, null, null, null, List.of(own), List.of(persons));
  }

  private static Recipients with(boolean reservedDomains, boolean requireConsent) {
    return new Recipients(new Recipients.Rules(reservedDomains, requireConsent, false));
  }

  private static ContactPoint consenting(String number, boolean consent) {
    return new ContactPoint(Kind.PHONE, number, "mobile", 1, null, consent);
  }

  private static ContactPoint point(
      Kind kind, String value, String use, Integer rank, Instant until) {
    return new ContactPoint(kind, value, use, rank, until, null);
  }

  private static PatientProfile patient(ContactPoint... points) {
    return new PatientProfile("MR|1", "Ana", "Roe", null, null, null, null, null, List.of(points));
  }
}
