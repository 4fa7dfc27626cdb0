package io.appointmentrelay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile and careless askers send to the FHIR addresses. */
class FhirDefenceTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir Path directory;
  private RunningConsole console;

  @BeforeEach
  void open() {
    console = new RunningConsole(directory, true);
  }

  @AfterEach
  void close() {
    console.close();
  }

  private String raw(String method, String path, String headers) throws IOException {
    return console.raw(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  private static void isOutcome(String body, String code) {
    JsonNode outcome = json(body);
    assertThat(outcome.path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(outcome.at("/issue/0/severity").asText()).isEqualTo("error");
    assertThat(outcome.at("/issue/0/code").asText()).isEqualTo(code);
    assertThat(outcome.at("/issue/0/diagnostics").asText()).contains("xpect");
  }

  private static JsonNode json(String text) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Appointment?date=yesterday",
        "Appointment?date=ge",
        "Appointment?date=2026-13-01",
        "Appointment?date=2026-02-30",
        "Appointment?date=ap2026-01-01",
        "Appointment?date=ne2026",
        "Appointment?date=99999-01-01",
        "Appointment?date=ge2026-01-01T25:00:00Z",
        "Appointment?date=2026-01-01Z",
        "Appointment?_lastUpdated=ge2026-01-01'%20OR%201=1",
        "Appointment?status=BOOKED",
        "Appointment?status=booked'%20--",
        "Appointment?_count=0",
        "Appointment?_count=-1",
        "Appointment?_count=99999999999999999999",
        "Appointment?_count=ten",
        "Appointment?_count=5&_count=6",
        "Appointment?_page=x",
        "Appointment?_page=MQ",
        "Appointment?identifier=x&_page=y",
        "Appointment?identifier=urn:system%7C",
        "Appointment?_sort=date",
        "Appointment?status=%zz",
        "Appointment?status=%",
        "Slot?start=soon",
        "Slot?status=open",
        "Slot?_page=%00",
      })
  void whatCannotBeUnderstoodIsRefusedInFhir(String query) throws IOException {
    String answer = raw("GET", "/fhir/R4/" + query, "");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .containsIgnoringCase("content-type: application/fhir+json");
    assertThat(answer).contains("OperationOutcome", "xpect");
  }

  @ParameterizedTest
  @CsvSource({
    "/fhir/R4, 404",
    "/fhir/R4/, 404",
    "/fhir/R4/Patient, 404",
    "/fhir/R4/Patient/1, 404",
    "/fhir/R4/Appointment/none, 404",
    "/fhir/R4/Appointment/-1, 404",
    "/fhir/R4/Appointment/99999999999999999999, 404",
    "/fhir/R4/Appointment/1%20OR%201=1, 404",
    "/fhir/R4/Appointment/..%2f..%2fapplication.properties, 404",
    "/fhir/R4/Appointment/1/_history/1, 404",
    "/fhir/R4/Slot/1, 404",
  })
  void whatIsUnknownIsNotFound(String path, int status) {
    HttpResponse<String> response = console.get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    isOutcome(response.body(), "not-found");
  }

  @ParameterizedTest
  @CsvSource({
    "Appointment?_format=xml, ''",
    "Appointment?_format=application/fhir%2Bxml, ''",
    "Appointment?_format=ttl, application/fhir+json",
    "Appointment, application/fhir+xml",
    "Appointment, text/html",
    "Appointment, application/fhir+json; fhirVersion=5.0",
    "Appointment, application/json;q=0",
    "metadata, application/fhir+xml",
  })
  void whoReadsNoJsonIsRefused(String path, String accept) throws IOException {
    assertThat(raw("GET", "/fhir/R4/" + path, "Accept: " + accept + "\r\n"))
        .startsWith("HTTP/1.1 406 ")
        .contains("OperationOutcome");
  }

  @ParameterizedTest
  @CsvSource({
    "Appointment?_format=json, text/html",
    "Appointment?_format=application/fhir+json, ''",
    "Appointment, */*",
    "Appointment, 'application/fhir+xml;q=1.0, application/fhir+json;q=0.9'",
    "Appointment, application/fhir+json; fhirVersion=4.0",
    "metadata, ''",
  })
  void whoReadsJsonIsAnswered(String path, String accept) throws IOException {
    assertThat(raw("GET", "/fhir/R4/" + path, "Accept: " + accept + "\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void textThatLooksLikeSqlIsOnlyText() {
    String text = "x'%3B%20DROP%20TABLE%20appointment%3B--";

    for (String name : new String[] {"identifier", "patient", "patient:identifier", "_id"}) {
      assertThat(console.json("/fhir/R4/Appointment?" + name + "=" + text).path("total").asInt(-1))
          .describedAs(name)
          .isZero();
    }
    assertThat(console.json("/fhir/R4/Slot?schedule=" + text).path("total").asInt(-1)).isZero();
  }

  @Test
  void aParameterThatIsNotKnownIsNeverQuoted() {
    String quoted = "quoted-7d1";

    assertThat(console.get("/fhir/R4/Appointment?" + quoted + "=" + quoted).body())
        .doesNotContain(quoted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x"})
  void aSearchByPostIsAForm(String type) {
    HttpResponse<String> response =
        console.send("POST", "/fhir/R4/Appointment/_search", type, "identifier=x");

    assertThat(response.statusCode()).isEqualTo(415);
    isOutcome(response.body(), "not-supported");
  }

  @Test
  void aFormMayBeStrangeAndIsNeverAFault() {
    for (String form :
        new String[] {
          "", "&&&", "=", "identifier", "identifier=%zz", "%00=%00", "a=b&".repeat(300)
        }) {
      assertThat(console.send("POST", "/fhir/R4/Appointment/_search", FORM, form).statusCode())
          .describedAs(form.length() > 20 ? "many fields" : form)
          .isBetween(200, 413);
    }
    assertThat(
            console
                .send("POST", "/fhir/R4/Appointment/_search", FORM, "a=" + "x".repeat(20_000))
                .statusCode())
        .isIn(400, 413);
  }

  @Test
  void anotherPageMaySearchNothingAndAskNobody() throws IOException {
    String elsewhere = "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n";

    assertThat(
            raw(
                "POST",
                "/fhir/R4/Appointment/_search",
                elsewhere + "Content-Type: " + FORM + "\r\nContent-Length: 0\r\n"))
        .startsWith("HTTP/1.1 403 ")
        .contains("OperationOutcome");
    assertThat(raw("GET", "/api/slots?ask=redox", elsewhere)).startsWith("HTTP/1.1 403 ");
    assertThat(raw("GET", "/api/appointments?ask=redox", elsewhere)).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aForeignHostIsRefusedInFhir() throws IOException {
    assertThat(
            console.raw(
                "GET /fhir/R4/Appointment HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ")
        .contains("OperationOutcome");
  }

  @Test
  void anEhrThatDoesNotAnswerIsSaid() {
    HttpResponse<String> response = console.get("/api/slots?ask=redox");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }
}
