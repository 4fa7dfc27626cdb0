package io.appointmentrelay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Purpose;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of those who do not want to be written to, as operators change it. */
class OptOutsTest {

  private static final String LIST = "/api/opt-outs";

  @TempDir private Path directory;
  private RunningConsole console;

  @BeforeEach
  void open() {
    console = new RunningConsole(directory, true);
  }

  @AfterEach
  void close() {
    console.close();
  }

  private HttpResponse<String> send(String method, String body) {
    return console.send(method, LIST, "application/json", body);
  }

  @Test
  void whoIsAddedIsOnTheListMaskedAndOnce() {
    HttpResponse<String> added =
        send("POST", "{\"recipient\":\"(608) 555-0142\",\"purpose\":\"news\"}");
    send("POST", "{\"recipient\":\"+16085550142\",\"purpose\":\"news\"}");

    String entry =
        "{\"recipient\":\"+1********42\",\"purpose\":\"news\",\"since\":\"2026-03-02T15:00:00Z\"}";
    assertThat(added.body()).isEqualTo(entry);
    assertThat(console.json(LIST)).hasToString("{\"items\":[" + entry + "],\"next\":null}");
    assertThat(console.life.store().recipients().isOptedOut("+16085550142", Purpose.NEWS)).isTrue();
    assertThat(console.life.store().recipients().isOptedOut("+16085550142", Purpose.PREPARATION))
        .isFalse();
  }

  @Test
  void withoutAPurposeAllIsMeant() {
    send("POST", "{\"recipient\":\"ana@clinic.org\"}");

    assertThat(console.json(LIST).path("items").path(0).path("purpose").asText()).isEqualTo("all");
    assertThat(console.life.store().recipients().isOptedOut("ana@clinic.org", Purpose.NEWS))
        .isTrue();
    assertThat(console.life.store().recipients().isOptedOut("ana@clinic.org", Purpose.PREPARATION))
        .isTrue();
  }

  @Test
  void whoIsRemovedIsWrittenToAgain() {
    send("POST", "{\"recipient\":\"ana@clinic.org\",\"purpose\":\"news\"}");
    send("POST", "{\"recipient\":\"ana@clinic.org\",\"purpose\":\"preparation\"}");

    assertThat(send("DELETE", "{\"recipient\":\"Ana@clinic.org\"}").body())
        .isEqualTo("{\"removed\":2}");
    assertThat(send("DELETE", "{\"recipient\":\"ana@clinic.org\"}").statusCode()).isEqualTo(404);
    assertThat(console.json(LIST).path("items")).isEmpty();
  }

  @Test
  void theListComesInPages() {
    for (int i = 0; i < 5; i++) {
      send("POST", "{\"recipient\":\"ana" + i + "@clinic.org\"}");
    }
    JsonNode first = console.json(LIST + "?limit=3");
    JsonNode rest = console.json(LIST + "?limit=3&after=" + first.path("next").asText());

    assertThat(first.path("items")).hasSize(3);
    assertThat(rest.path("items")).hasSize(2);
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{",
        "{\"recipient\":\"nobody\"}",
        "{\"recipient\":17}",
        "{\"recipient\":\"ana@clinic.org\",\"purposes\":\"news\"}",
        "{\"recipient\":\"ana@clinic.org\",\"purpose\":\"nwes\"}"
      })
  void whatIsNotUnderstoodChangesNothingAndIsNotRepeated(String body) {
    HttpResponse<String> answer = send("POST", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("nobody", "ana@", "nwes");
    assertThat(send("DELETE", body).statusCode()).isEqualTo(400);
    assertThat(console.json(LIST).path("items")).isEmpty();
  }

  @Test
  void aPageOfAnotherOriginCannotChangeIt() {
    String body = "{\"recipient\":\"ana@clinic.org\"}";
    assertThat(console.send("POST", LIST, "text/plain", body).statusCode()).isEqualTo(415);
  }

  @Test
  void anotherMethodIsToldWhichThereAre() {
    HttpResponse<String> answer = send("PUT", "{}");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, POST, DELETE");
  }
}
