package io.appointmentrelay.console;

import static org.assertj.core.api.Assertions.assertThat;

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

class ConsoleDefenceTest {

  @TempDir Path directory;
  private RunningConsole console;

  @BeforeEach
  void open() {
    console = new RunningConsole(directory, true);
    console.life.parked("canvas", "A1", "because");
  }

  @AfterEach
  void close() {
    console.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/notifications?limit=0",
        "/api/notifications?limit=501",
        "/api/notifications?limit=99999999999999999999",
        "/api/notifications?limit=-1",
        "/api/notifications?limit=ten",
        "/api/notifications?limit=5&limit=6",
        "/api/notifications?status=PARKED",
        "/api/notifications?status=parked'%20OR%201=1",
        "/api/notifications?from=yesterday",
        "/api/notifications?from=2026-13-01",
        "/api/notifications?from=%2B999999999-01-01T00:00:00Z",
        "/api/notifications?to=2026-03-01T08:00:00",
        "/api/notifications?after=x",
        "/api/notifications?after=1'%20--",
        "/api/notifications?source=%zz",
        "/api/notifications?source=%",
        "/api/notifications/1",
        "/api/notifications/one-two",
        "/api/notifications/-1-1",
        "/api/notifications/99999999999999999999-1",
        "/api/deliveries?status=sended",
        "/api/deliveries?after=MQ",
        "/api/deliveries/x",
        "/api/deliveries/1%20OR%201=1",
        "/api/appointments?from=x",
        "/api/appointments?from=2026-03-01&after=17",
        "/api/slots?after=%00",
        "/api/slots?ask=everybody",
        "/api/slots?ask=redox&from=x",
        "/api/slots?ask=redox&source=%zz",
        "/api/appointments?ask=redox&source=canvas",
        "/api/appointments?ask=redox&after=17",
      })
  void whatCannotBeUnderstoodIsRefusedWithASentence(String path) throws IOException {
    // By hand: a client would not send all of these.
    String answer =
        console.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("{\"error\":\"", "xpect");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/notifications/7-1",
        "/api/deliveries/7",
        "/api/deliveries/-7",
        "/api/appointments/canvas/none",
        "/api/appointments/nobody/none",
        "/api/appointments/canvas",
        "/api/appointments/canvas/a/b",
        "/api",
        "/favicon.ico",
        "/console/index.html",
        "/..%2f..%2fapplication.properties",
        "/webhooks/canvas",
        "/q/metrics",
      })
  void whatIsUnknownIsNotFound(String path) {
    HttpResponse<String> response = console.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(RunningConsole.json(response).get("error").asText()).contains("xpect");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/appointments/canvas/%zz", "/api/appointments/canvas/%", "/%"})
  void aPathThatCannotBeDecodedIsRefusedBeforeItIsLookedAt(String path) throws IOException {
    assertThat(
            console.raw(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void textThatLooksLikeSqlIsOnlyText() {
    String text = "x'%3B%20DROP%20TABLE%20notification%3B--";

    assertThat(console.json("/api/notifications?source=" + text).get("items")).isEmpty();
    assertThat(console.json("/api/notifications?appointment=" + text).get("items")).isEmpty();
    assertThat(console.json("/api/appointments?patient=" + text).get("items")).isEmpty();
    assertThat(console.json("/api/deliveries?appointment=" + text).get("items")).isEmpty();
    assertThat(console.json("/api/slots?provider=" + text).get("items")).isEmpty();
    assertThat(console.get("/api/appointments/canvas/" + text).statusCode()).isEqualTo(404);
    assertThat(console.json("/api/notifications").get("items")).hasSize(1);
  }

  @Test
  void aParameterLeftEmptyIsNotAsked() {
    assertThat(
            console
                .json("/api/notifications?source=&status=&appointment=&from=&to=&limit=&after=")
                .get("items"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:9876",
        "10.0.0.1",
        "[::2]",
        "0.0.0.0",
        "localhost@evil.example",
        "127.1",
        "",
      })
  void aForeignHostIsRefused(String host) throws IOException {
    String answer =
        console.raw(
            "GET /api/notifications HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertThat(answer).containsPattern("^HTTP/1.1 40[03] ").doesNotContain("items");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:9876", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:9876"})
  void aLoopbackHostIsAnswered(String host) throws IOException {
    assertThat(
            console.raw(
                "GET /api/notifications HTTP/1.1\r\nHost: "
                    + host
                    + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void whoNamesNoHostIsRefused() throws IOException {
    assertThat(console.raw("GET /api/notifications HTTP/1.0\r\n\r\n")).contains(" 403 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/plain;application/json"
      })
  void aFormOfAnotherPageChangesNothing(String type) {
    HttpResponse<String> response =
        console.send("POST", "/api/notifications/1-1/replay", type, "{}");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(console.json("/api/notifications/1-1").get("status").asText()).isEqualTo("parked");
  }

  @Test
  void aChangeWithoutATypeIsRefused() {
    assertThat(console.send("POST", "/api/notifications/1-1/replay", null, null).statusCode())
        .isEqualTo(415);
  }

  @Test
  void aTypeWithACharsetIsJsonToo() {
    assertThat(
            console
                .send(
                    "POST", "/api/notifications/1-1/replay", "Application/JSON; charset=utf-8", "")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aLargeBodyIsRefused() {
    HttpResponse<String> response =
        console.send(
            "POST", "/api/notifications/1-1/replay", "application/json", "x".repeat(65 * 1024));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(console.json("/api/notifications/1-1").get("status").asText()).isEqualTo("parked");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/notifications/1-1, GET",
    "PUT, /api/deliveries, GET",
    "HEAD, /api/notifications, GET",
    "OPTIONS, /api/notifications/1-1/replay, POST",
    "GET, /api/notifications/1-1/replay, POST",
    "GET, /api/deliveries/1/retry, POST",
    "GET, /api/deliveries/1/cancel, POST",
    "GET, /api/brake/release, POST",
    "GET, /api/replan, POST",
    "GET, /api/slots/push, POST",
    "POST, /fhir/R4/Appointment, GET",
    "PUT, /fhir/R4/Appointment/1, GET",
    "DELETE, /fhir/R4/Appointment/1, GET",
    "PATCH, /fhir/R4/Slot, GET",
    "DELETE, /fhir/R4/metadata, GET",
  })
  void anotherMethodIsRefused(String method, String path, String allowed) {
    HttpResponse<String> response = console.send(method, path, null, null);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/notifications",
        "/none",
        "/api/notifications?limit=x",
        "/observe/metrics"
      })
  void everyAnswerTellsBrowsersToBeCareful(String path) {
    HttpResponse<String> response = console.get(path);

    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(response.headers().firstValue("Content-Security-Policy"))
        .get()
        .asString()
        .startsWith("default-src 'self'");
    assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
  }
}
