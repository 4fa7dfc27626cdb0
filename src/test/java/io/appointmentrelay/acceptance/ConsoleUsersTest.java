package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.AddUser;
import io.appointmentrelay.command.Brake;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.store.StoreAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A console that listens on every interface, and what it wants to know first. */
class ConsoleUsersTest {

  private static final String PASSWORD = "correct horse: battery";
  private static final String OTHER = "wrong horse: battery";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static RunningRelay relay;

  @BeforeAll
  static void start() throws IOException {
    relay =
        RunningRelay.with("relay.console.host", "0.0.0.0")
            .set(
                "relay.console.users",
                user("ada") + "\n# the night shift\n" + user("grace") + "\n" + user("hopper"))
            .start();
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  private static String user(String name) throws IOException {
    StringWriter out = new StringWriter();
    int status =
        new AddUser()
            .run(
                name,
                () -> PASSWORD,
                new PrintWriter(out, true),
                new PrintWriter(new StringWriter(), true));
    assertThat(status).isZero();
    assertThat(out.toString()).doesNotContain("horse");
    return out.toString().strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/ledger", "/observe/health", "/observe/metrics", "/nothing"})
  void nothingIsToldWithoutALogin(String path) throws Exception {
    HttpResponse<String> answer = send(get(path));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).get().asString().contains("Basic");
    assertThat(send(login(get(path), "ada", PASSWORD)).statusCode()).isNotEqualTo(401);
  }

  @Test
  void onlyThatItLivesIsToldToAnybody() throws Exception {
    HttpResponse<String> answer = send(get("/observe/health/live"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"UP\",\"checks\":[]}");
  }

  @Test
  void whoDoesNotExistIsAnsweredAsAWrongPasswordIs() throws Exception {
    HttpResponse<String> unknown = send(login(get("/api/ledger"), "nobody", PASSWORD));
    HttpResponse<String> wrong = send(login(get("/api/ledger"), "ada", OTHER));

    assertThat(unknown.statusCode()).isEqualTo(401).isEqualTo(wrong.statusCode());
    assertThat(unknown.body()).isEqualTo(wrong.body());
  }

  @Test
  void afterTenWrongPasswordsAUserIsNotHeardForAWhileButWhoIsInStaysIn() throws Exception {
    assertThat(send(login(get("/api/ledger"), "ada", PASSWORD)).statusCode()).isEqualTo(200);
    for (int i = 0; i < 10; i++) {
      assertThat(send(login(get("/api/ledger"), "grace", OTHER)).statusCode()).isEqualTo(401);
    }

    HttpResponse<String> shut = send(login(get("/api/ledger"), "grace", PASSWORD));
    assertThat(shut.statusCode()).isEqualTo(429);
    assertThat(shut.headers().firstValue("Retry-After")).hasValue("300");
    assertThat(send(login(get("/api/ledger"), "ada", PASSWORD)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example.org, 403",
    "Origin, null, 403",
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-site, 403",
    "Sec-Fetch-Site, same-origin, 409",
    "Accept, */*, 409",
  })
  void noPageOfAnotherSiteUsesTheLoginOfABrowser(String header, String value, int status)
      throws Exception {
    HttpRequest.Builder release =
        request("/api/brake/release")
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString("{}"));

    assertThat(send(login(release, "ada", PASSWORD)).statusCode()).isEqualTo(status);
  }

  @Test
  void itsOwnPageMayChange() throws Exception {
    HttpRequest.Builder release =
        request("/api/brake/release")
            .header("Content-Type", "application/json")
            .header("Origin", "http://127.0.0.1:" + relay.consolePort())
            .POST(BodyPublishers.ofString("{}"));

    assertThat(send(login(release, "ada", PASSWORD)).statusCode()).isEqualTo(409);
  }

  @Test
  void aFormOfAnotherSiteIsRefused() throws Exception {
    HttpRequest.Builder form =
        request("/api/brake/release")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"));

    assertThat(send(login(form, "ada", PASSWORD)).statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/api/ledger"})
  void everyAnswerTellsTheBrowserWhatItMayDo(String path) throws Exception {
    for (HttpRequest.Builder asked :
        new HttpRequest.Builder[] {get(path), login(get(path), "ada", PASSWORD)}) {
      HttpResponse<String> answer = send(asked.header("Origin", "https://evil.example.org"));

      assertThat(answer.headers().map())
          .containsKeys("x-content-type-options", "referrer-policy", "content-security-policy")
          .doesNotContainKeys(
              "access-control-allow-origin", "access-control-allow-credentials", "server");
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .get()
          .asString()
          .contains("frame-ancestors 'none'", "default-src 'self'");
    }
  }

  @Test
  void aBrowserThatAsksBeforeItSendsIsGrantedNothing() throws Exception {
    HttpRequest.Builder preflight =
        request("/api/brake/release")
            .header("Origin", "https://evil.example.org")
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody());

    HttpResponse<String> answer = send(preflight);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void whoSawWhatIsNotedBeforeItIsShown() throws Exception {
    assertThat(relay.post("redox-scheduling", Coming.booked("seen", 9))).isEqualTo(200);
    String visit = "/api/appointments/redox-scheduling/seen";
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> send(login(get(visit), "ada", PASSWORD)).statusCode() == 200);
    assertThat(send(login(get("/api/notifications/1-1"), "hopper", PASSWORD)).body())
        .contains("seen");
    assertThat(send(login(get("/api/deliveries/1"), "hopper", PASSWORD)).statusCode())
        .isEqualTo(200);
    // The inbox names nobody, and what is not there was not seen.
    send(login(get("/api/notifications"), "hopper", PASSWORD));
    send(login(get("/api/notifications/99-1"), "hopper", PASSWORD));
    send(login(get("/api/notifications/1-1"), "hopper", OTHER));

    assertThat(accesses("?user=hopper"))
        .containsExactly("hopper DELIVERY 1", "hopper NOTIFICATION 1-1");
    assertThat(accesses("?user=ada")).containsExactly("ada APPOINTMENT redox-scheduling/seen");
    assertThat(accesses("?limit=1")).containsExactly("hopper DELIVERY 1");
    assertThat(accesses("?to=2020-01-01")).isEmpty();
    assertThat(accesses("?user=nobody")).isEmpty();
  }

  private static List<String> accesses(String query) throws Exception {
    String body = send(login(get("/api/accesses" + query), "ada", PASSWORD)).body();
    List<String> seen = new ArrayList<>();
    for (JsonNode one : RunningRelay.json(body).path("items")) {
      seen.add(
          one.path("user").asText()
              + " "
              + one.path("what").asText()
              + " "
              + one.path("which").asText());
    }
    return seen;
  }

  @Test
  void theCommandsShowTheirLogin() {
    StringWriter said = new StringWriter();
    ConsoleClient client = new ConsoleClient("0.0.0.0", relay.consolePort(), "ada:" + PASSWORD);

    int status =
        new Brake(client, StoreAddress.of("jdbc:sqlite:none"), Clock.systemUTC())
            .run(null, new PrintWriter(said, true));

    assertThat(status).as(said.toString()).isZero();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.consolePort() + path));
  }

  private static HttpRequest.Builder get(String path) {
    return request(path).GET();
  }

  private static HttpRequest.Builder login(
      HttpRequest.Builder request, String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
