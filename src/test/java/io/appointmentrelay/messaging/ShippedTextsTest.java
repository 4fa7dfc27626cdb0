package io.appointmentrelay.messaging;

import static io.appointmentrelay.messaging.Visits.CHICAGO;
import static io.appointmentrelay.messaging.Visits.CLINIC;
import static io.appointmentrelay.messaging.Visits.DETAILS;
import static io.appointmentrelay.messaging.Visits.START;
import static io.appointmentrelay.messaging.Visits.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Change;
import io.appointmentrelay.appointment.Details;
import io.appointmentrelay.appointment.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read: the shipped texts, for visits as they come from the rest of the product. */
class ShippedTextsTest {
  private static final Texts TEXTS = Texts.load(Path.of("routes/channel/texts"), Map.of());
  private static final String GSM_7 =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

  @Test
  void everyTextThatPathsSpeakOfIsThereInBothLanguagesAndOnBothChannels() {
    assertThat(TEXTS.names("email"))
        .containsExactly(
            "booked",
            "cancelled",
            "check-in",
            "modified",
            "no-show",
            "phi-free",
            "questionnaire",
            "reminder",
            "reply-outdated",
            "rescheduled",
            "restored",
            "staff-news",
            "staff-phi-free",
            "staff-reply",
            "staff-writeback-failed-cancel",
            "staff-writeback-failed-confirm",
            "thank-you");
    for (String text : TEXTS.names("email")) {
      for (String channel : List.of("email", "sms")) {
        assertThat(TEXTS.word(text, channel, "es", Visits.inPerson()).text())
            .isNotEqualTo(TEXTS.word(text, channel, "en", Visits.inPerson()).text());
      }
    }
  }

  @Test
  void aBookingIsConfirmedInALetter() {
    WordedMessage letter = TEXTS.word("booked", "email", "en", Visits.inPerson());
    assertThat(letter.subject()).isEqualTo("Your appointment at Good Health Clinic is booked");
    assertThat(letter.text())
        .isEqualTo(
            """
            Hello Ana,

            Your appointment is booked.

            When: Monday, 3 August at 10:00 AM
            Where: North Office
            With: Dr. Lee
            How: in person

            Questions, or you cannot come? Please call us at (608) 555-0142.

            Good Health Clinic""");
    assertThat(letter.html())
        .startsWith("<!DOCTYPE html>")
        .contains(
            "<html lang=\"en\">",
            "<p>Hello Ana,</p>",
            "<strong>When:</strong> Monday, 3 August at 10:00 AM<br>",
            "<strong>Where:</strong> North Office<br>");
  }

  @Test
  void aMoveNamesTheOldTimeAndTheNew() {
    VisitModel visit = Visits.of(DETAILS, told(movedTo(START.minus(Duration.ofDays(3)))));
    assertThat(sms("rescheduled", "en", visit))
        .isEqualTo(
            "Good Health Clinic: your appointment has moved from Fri 31 Jul, 10:00 AM to Mon"
                + " 3 Aug, 10:00 AM. Questions? Call (608) 555-0142.");
    assertThat(TEXTS.word("rescheduled", "email", "es", visit).text())
        .contains(
            "Su cita se ha cambiado del viernes, 31 de julio a las 10:00 al lunes, 3 de agosto a"
                + " las 10:00.");
  }

  @Test
  void aMoveToAnotherPlaceNamesThePlaceAlsoToWhoReadsTextMessagesAlone() {
    Details before =
        new Details(
            START.minus(Duration.ofDays(3)),
            null,
            null,
            new Party("Location/2", "South Office"),
            null,
            null,
            null,
            null);
    VisitModel visit = Visits.of(DETAILS, told(before));
    assertThat(sms("rescheduled", "en", visit))
        .isEqualTo(
            "Good Health Clinic: your appointment has moved from Fri 31 Jul, 10:00 AM to Mon"
                + " 3 Aug, 10:00 AM at North Office.");
    assertThat(sms("rescheduled", "es", visit)).endsWith(" a las 10:00 en North Office.");
  }

  @Test
  void aCancellationNamesTheTimeThatThePersonKnows() {
    VisitModel movedUnheard = Visits.of(DETAILS, told(movedTo(START.minus(Duration.ofDays(3)))));
    assertThat(sms("cancelled", "en", movedUnheard))
        .isEqualTo(
            "Good Health Clinic: your appointment on Friday, 31 July at 10:00 AM is cancelled. For"
                + " a new time call (608) 555-0142.");
  }

  @Test
  void aChangeNamesOldAndNewInWords() {
    Details before =
        new Details(
            START,
            null,
            null,
            new Party("Location/2", "South Office"),
            new Party("Practitioner/1", "Lee"),
            null,
            "in-person",
            null);
    Details now =
        new Details(
            START,
            null,
            null,
            new Party("Location/1", "North Office"),
            new Party("Practitioner/1", "Dr. Lee"),
            null,
            "video",
            "https://video.example.org/r/abc123");
    VisitModel visit = Visits.of(now, told(before));
    assertThat(TEXTS.word("modified", "email", "en", visit).text())
        .contains("- How: by video (before: in person)", "Join: https://video.example.org/r/abc123")
        .doesNotContain("modality", "location", "Location/", "- With", "Where:");
    assertThat(sms("modified", "en", visit))
        .isEqualTo(
            "Good Health Clinic: your appointment on Mon 3 Aug, 10:00 AM has changed: new place,"
                + " new way to meet. Questions? Call (608) 555-0142.");
  }

  @Test
  void aChangeThatOnlyTheSourceKnowsOfIsNamedWithoutTheSendersReference() {
    Details now =
        new Details(START, null, null, new Party("Location/9", null), null, null, null, null);
    VisitModel visit = Visits.of(now, null, new Change("location", "Location/8", "Location/9"));
    assertThat(TEXTS.word("modified", "email", "en", visit).text())
        .contains("- Place")
        .doesNotContain("Location/");
  }

  @Test
  void aVisitThatIsAgainAsToldNamesNoDifference() {
    assertThat(Visits.of(DETAILS, told(DETAILS)).differences()).isEmpty();
    assertThat(Visits.of(DETAILS, told(DETAILS)).oldStart()).isNull();
  }

  @Test
  void aVisitWithoutATimeIsSpokenOfWithoutOne() {
    assertThat(sms("booked", "en", Visits.timeless()))
        .isEqualTo(
            "Good Health Clinic: your appointment is booked. We will tell you the time."
                + " Questions? Call (608) 555-0142.");
    for (String text : TEXTS.names("email")) {
      for (String language : List.of("en", "es")) {
        WordedMessage letter = TEXTS.word(text, "email", language, Visits.timeless());
        assertThat(letter.text() + letter.html())
            .doesNotContain(" on .", " el .", " for .", "null", "{", "When:", "Cuándo:");
      }
    }
  }

  @Test
  void withoutATelephoneNobodyIsToldToCall() {
    VisitModel visit = withClinic(new Clinic("Good Health Clinic", null, CHICAGO, "US", null));
    for (String text : TEXTS.names("sms")) {
      assertThat(sms(text, "en", visit)).doesNotContainIgnoringCase(" call ", "null");
      assertThat(TEXTS.word(text, "email", "en", visit).text()).doesNotContain("call us");
    }
  }

  @Test
  void theTimeZoneIsNamedToWhoLivesByAnotherClock() {
    assertThat(sms("reminder", "en", living("America/New_York")))
        .contains("Monday, 3 August at 10:00 AM (Central Time)");
    assertThat(sms("reminder", "es", living("America/New_York")))
        .contains("lunes, 3 de agosto a las 10:00 (hora central)");
    assertThat(sms("reminder", "en", living("America/Winnipeg"))).doesNotContain("Central");
  }

  @Test
  void nobodyIsSentToAPlaceForAVideoVisit() {
    assertThat(sms("check-in", "en", Visits.video()))
        .isEqualTo(
            "Good Health Clinic: your appointment is on Mon 3 Aug, 10:00 AM. Join here:"
                + " https://video.example.org/r/abc123 Late? Call (608) 555-0142.");
    assertThat(TEXTS.word("check-in", "email", "en", Visits.video()).html())
        .contains("<a href=\"https://video.example.org/r/abc123\">");
  }

  @Test
  void aTextMessageFitsOneSegment() {
    Instant longest = Instant.parse("2026-09-30T15:00:00Z");
    Details details = movedTo(longest);
    VisitModel moved = Visits.of(details, told(DETAILS));
    VisitModel questions = moved.withQuestionnaire("https://forms.example.org/q/abc123");
    for (String text : TEXTS.names("sms")) {
      for (VisitModel visit : List.of(moved, questions, Visits.video(), Visits.timeless())) {
        assertThat(sms(text, "en", visit)).satisfies(ShippedTextsTest::isOneSegment);
        // Wednesday, September: of the Spanish days and months only sábado has a letter beyond GSM.
        assertThat(sms(text, "es", visit)).satisfies(ShippedTextsTest::isOneSegment);
      }
    }
  }

  @Test
  void noSampleVisitNeedsMoreThanOneSegment() {
    assertThat(TEXTS.warnings()).isEmpty();
  }

  @Test
  void aTextMessageNamesTheClinicAndNothingThatTellsWhatTheVisitIsFor() {
    for (String text : TEXTS.names("sms")) {
      for (String language : List.of("en", "es")) {
        assertThat(sms(text, language, Visits.inPerson()))
            .startsWith("Good Health Clinic: ")
            .doesNotContain("Oncology", "Lee", "Ana", "\n", "  ");
      }
    }
  }

  @Test
  void noTextAsksForAReply() {
    for (String text : TEXTS.names("sms")) {
      for (String language : List.of("en", "es")) {
        assertThat(sms(text, language, Visits.inPerson()))
            .doesNotContainPattern("(?i)\\breply|\\btext back|\\brespond[ae] (?:con|a este)")
            .doesNotContainPattern("\\b(?:STOP|CANCEL|END|QUIT|UNSUBSCRIBE)\\b");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "{% include \"/etc/passwd\" %}",
        "Robert'); --",
        "Ana\r\nBcc: everybody@evil.org",
        "Ana\u2028Subject: x",
        "\" onmouseover=\"x",
        "\u202Egro.live",
        "${jndi:ldap://evil.org}",
        "&lt;b&gt;",
        "\u0000\u0007\u001b[2J",
      })
  void hostileValuesBreakNeitherSubjectNorHtml(String hostile) {
    VisitModel visit = everywhere(hostile);
    for (String text : TEXTS.names("email")) {
      for (String language : List.of("en", "es")) {
        WordedMessage letter = TEXTS.word(text, "email", language, visit);
        assertThat(letter.subject())
            .isNotBlank()
            .doesNotContainPattern("[\\p{Cc}\\u2028\\u202E]")
            .doesNotContain("49");
        assertThat(letter.html())
            .doesNotContain("<script", "\" onmouseover", "&lt;b&gt;", "49", "javascript:")
            .doesNotContainPattern("[\\p{Cc}&&[^\\n]]");
        assertThat(letter.text()).doesNotContainPattern("\\n(?:Bcc|Subject):");
        assertThat(sms(text, language, visit)).doesNotContainPattern("[\\p{Cc}\\u2028\\u202E]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Ana", "José María", "O'Neil", "Anne-Marie", "J. R.", "Łukasz", "Аня", "美"})
  void aPersonIsGreetedByName(String name) {
    assertThat(letterTo(name)).startsWith("Hello " + name + ",");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "http://evil.org", "evil.org", "BABY1", "<b>Ana</b>", "win $100"})
  void whatIsNoNameIsNoGreeting(String name) {
    assertThat(letterTo(name)).startsWith("Hello,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "data:text/html,x", "video", "https://a b", "http:x"})
  void onlyAWebAddressIsALink(String link) {
    Details details = new Details(START, null, null, null, null, null, "video", link);
    assertThat(Visits.of(details, null).link()).isNull();
  }

  @Test
  void nothingOfAVisitIsPrinted() {
    assertThat(Visits.inPerson() + " " + TEXTS.word("booked", "email", "en", Visits.inPerson()))
        .doesNotContain("Ana", "Lee", "North");
  }

  private static void isOneSegment(String message) {
    assertThat(message.length()).as(message).isLessThanOrEqualTo(160);
    assertThat(message.chars().filter(c -> GSM_7.indexOf(c) < 0).mapToObj(Character::toString))
        .as(message)
        .isEmpty();
  }

  private static String sms(String text, String language, VisitModel visit) {
    return TEXTS.word(text, "sms", language, visit).text();
  }

  private static String letterTo(String name) {
    return TEXTS
        .word(
            "booked",
            "email",
            "en",
            VisitModel.of(
                Visits.record(DETAILS),
                null,
                List.of(),
                Visits.patient(name, null),
                CLINIC,
                CHICAGO))
        .text();
  }

  private static VisitModel living(String zone) {
    return VisitModel.of(
        Visits.record(DETAILS),
        null,
        List.of(),
        Visits.patient("Ana", ZoneId.of(zone)),
        CLINIC,
        CHICAGO);
  }

  private static VisitModel withClinic(Clinic clinic) {
    return VisitModel.of(
        Visits.record(DETAILS), null, List.of(), Visits.patient("Ana", null), clinic, CHICAGO);
  }

  private static VisitModel everywhere(String hostile) {
    Details details =
        new Details(
            START,
            null,
            null,
            Party.named(hostile),
            Party.named(hostile),
            hostile,
            hostile,
            "https://video.example.org/" + hostile);
    Details before =
        new Details(
            START.minusSeconds(60),
            null,
            null,
            Party.named("was " + hostile),
            Party.named("was " + hostile),
            null,
            "video",
            null);
    return VisitModel.of(
            Visits.record(details),
            told(before),
            List.of(new Change(hostile, hostile, hostile)),
            Visits.patient(hostile, null),
            new Clinic("Clinic " + hostile, hostile, CHICAGO, "US", hostile),
            CHICAGO)
        .withQuestionnaire(hostile);
  }

  private static Details movedTo(Instant start) {
    return new Details(
        start,
        null,
        null,
        DETAILS.location(),
        DETAILS.practitioner(),
        DETAILS.type(),
        DETAILS.modality(),
        null);
  }
}
