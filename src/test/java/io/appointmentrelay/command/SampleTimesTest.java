package io.appointmentrelay.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTimesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Samples samples = Samples.shipped();
  private final SampleTimes times =
      new SampleTimes(Clock.fixed(Instant.parse("2026-12-30T16:00:00.123456Z"), ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource({
    "2016-08-01 14:00:00Z, 2027-01-02 14:00:00Z",
    "2016-09-21T20:00:00.000-0400, 2027-01-02T20:00:00.000-0400",
    "2024-01-15T10:00:00, 2027-01-02T10:00:00",
    "2021-12-24T21:30:00+00:00, 2027-01-02T21:30:00+00:00",
    "2022-06-06T05:00:00.000Z, 2027-01-02T05:00:00.000Z",
    "2022-06-06, 2027-01-02"
  })
  void theDayMovesAndTheTimeOfDayIsStillWrittenTheSameWay(String before, String after)
      throws IOException {
    Sample sample = sample("{\"start_time\":\"" + before + "\"}");

    assertThat(moved(sample, sample).path("start_time").asText()).isEqualTo(after);
  }

  @Test
  void whatIsNoDateStaysAsItIs() throws IOException {
    Sample sample = sample("{\"start_time\":\"soon\",\"end_time\":null,\"created\":true}");

    assertThat(moved(sample, sample)).isEqualTo(JSON.readTree(sample.body()));
  }

  @Test
  void theRedoxFhirLifeStaysConsistent() throws IOException {
    assertThat(appointment("redox-fhir/booked").path("start").asText())
        .isEqualTo("2027-01-02T05:00:00.000Z");
    assertThat(appointment("redox-fhir/booked").path("end").asText())
        .isEqualTo("2027-01-02T06:00:00.000Z");
    assertThat(appointment("redox-fhir/rescheduled").path("start").asText())
        .isEqualTo("2027-01-02T07:00:00.000Z");
    assertThat(appointment("redox-fhir/cancelled").path("start").asText())
        .isEqualTo("2027-01-02T05:00:00.000Z");
  }

  @Test
  void theDataModelsRescheduleNamesTheDayOfItsNew() throws IOException {
    JsonNode booked = moved("redox-scheduling/new").path("Visit");
    JsonNode rescheduled = moved("redox-scheduling/reschedule").path("Visit");

    assertThat(booked.path("VisitDateTime").asText()).startsWith("2027-01-02T");
    assertThat(rescheduled.path("OldDateTime")).isEqualTo(booked.path("VisitDateTime"));
    assertThat(rescheduled.path("OldVisitNumber")).isEqualTo(booked.path("VisitNumber"));
    assertThat(rescheduled.path("VisitDateTime").asText()).startsWith("2027-01-03T");
    assertThat(moved("redox-scheduling/cancel").path("Visit").path("VisitDateTime"))
        .isEqualTo(rescheduled.path("VisitDateTime"));
  }

  @Test
  void slotsMoveToo() throws IOException {
    assertThat(moved("redox-scheduling/push-slots").path("Slots").findValuesAsText("DateTime"))
        .containsExactly(
            "2027-01-02 14:00:00Z",
            "2027-01-02 14:15:00Z",
            "2027-01-02 14:30:00Z",
            "2027-01-02 14:45:00Z");
  }

  @Test
  void whatTheSenderStampsOnEachMessageIsNew() throws IOException {
    assertThat(moved("redox-fhir/booked").path("timestamp").asText())
        .isEqualTo("2026-12-30T16:00:00.123Z");

    JsonNode before = JSON.readTree(named("redox-scheduling/new").body()).path("Meta");
    JsonNode once = moved("redox-scheduling/new").path("Meta");
    JsonNode twice = moved("redox-scheduling/new").path("Meta");
    assertThat(once.path("EventDateTime").asText()).isEqualTo("2026-12-30T16:00:00.123Z");
    assertThat(once.path("Logs").path(0).path("ID"))
        .isNotEqualTo(before.path("Logs").path(0).path("ID"))
        .isNotEqualTo(twice.path("Logs").path(0).path("ID"));
    assertThat(once.path("Logs").path(0).path("AttemptID"))
        .isNotEqualTo(twice.path("Logs").path(0).path("AttemptID"));
    assertThat(once.path("Source")).isEqualTo(before.path("Source"));
  }

  @Test
  void datesOfPeopleStayAsTheyAre() throws IOException {
    assertThat(moved("redox-scheduling/new").findPath("DOB").asText()).isEqualTo("1984-03-09");
    assertThat(moved("redox-fhir/booked-detailed").findPath("birthDate").asText())
        .isEqualTo("1979-11-02");

    Sample withPeriod =
        sample(
            """
            {"telecom":[{"period":{"start":"2001-01-01","end":"2031-01-01"}}],
             "visit":{"resourceType":"Appointment","start":"2022-06-06T05:00:00Z"}}""");
    assertThat(moved(withPeriod, withPeriod).findPath("period").toString())
        .isEqualTo("{\"start\":\"2001-01-01\",\"end\":\"2031-01-01\"}");
  }

  private JsonNode appointment(String name) throws IOException {
    return moved(name).path("entry").path(2).path("resource");
  }

  private JsonNode moved(String name) throws IOException {
    Sample sample = named(name);
    return JSON.readTree(times.inComingDays(sample, samples.of(sample.source())));
  }

  private JsonNode moved(Sample sample, Sample life) throws IOException {
    return JSON.readTree(times.inComingDays(sample, List.of(life)));
  }

  private Sample named(String name) {
    return samples.named(name).orElseThrow();
  }

  private static Sample sample(String body) {
    return new Sample("canvas/x", "about", body.getBytes(UTF_8));
  }
}
