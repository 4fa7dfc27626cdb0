package io.appointmentrelay.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does with the archive, far from the sources. */
class DistributionIT {

  @TempDir private Path elsewhere;

  @Test
  void theArchiveRunsElsewhereAndItsSamplesCanBeRead() throws Exception {
    Installation installation = Installation.at(unpacked());
    int console = FreePort.any();
    installation
        .set("relay.http.port", String.valueOf(FreePort.any()))
        .set("relay.console.port", String.valueOf(console));

    assertThat(installation.run("--help"))
        .satisfies(help -> assertThat(help.status()).isZero())
        .satisfies(help -> assertThat(help.printed()).contains("audit", "send-sample"));
    Finished list = installation.run("send-sample");
    assertThat(list.status()).isZero();
    assertThat(list.printed()).contains("redox-fhir/booked-detailed", "canvas/created");

    try (RelayProcess relay = installation.start().awaitReady()) {
      Finished sent = installation.run("send-sample", "redox-fhir/booked-detailed");
      assertThat(sent.status()).as(sent.printed()).isZero();
      await("the mail and the text message")
          .atMost(Duration.ofSeconds(20))
          .until(() -> messages(console).toString().contains("alma.ejemplo@example.org"));
      await("the text message")
          .atMost(Duration.ofSeconds(20))
          .until(() -> messages(console).toString().contains("+16085550199"));
      Finished all = installation.run("send-sample", "all");
      assertThat(all.status()).as(all.printed()).isZero();
      Finished audit = installation.run("audit");
      assertThat(audit.status()).as(audit.printed()).isZero();
      assertThat(audit.printed()).contains("redox-fhir", "email", "It adds up");

      assertThat(relay.stop(Duration.ofSeconds(35))).isIn(0, 143);
      assertTellsNothing(relay.printed());
      assertTellsNothing(sent.printed() + all.printed() + audit.printed());
    }
  }

  /** {@code bin/appointment-relay}: prepared once, then started from the classes laid down. */
  @Test
  void theScriptStartsWhatItHasPrepared() throws Exception {
    Path installation = unpacked();

    Finished prepared = Finished.of(script(installation, "prepare"));
    assertThat(prepared.status()).as(prepared.printed()).isZero();
    Path classes = installation.resolve("appointment-relay.jsa");
    assertThat(classes).isNotEmptyFile();
    assertThat(installation.resolve("data")).doesNotExist();

    Finished list = Finished.of(script(installation, "send-sample"));
    assertThat(list.status()).as(list.printed()).isZero();
    assertThat(list.printed()).contains("canvas/created").doesNotContain("warning");

    Process started =
        script(installation, "-Drelay.http.port=0", "-Drelay.console.port=0", "-Xmx300m");
    try (RelayProcess relay = new RelayProcess(started).awaitReady()) {
      Path maps = Path.of("/proc", String.valueOf(relay.pid()), "maps");
      if (Files.exists(maps)) {
        assertThat(Files.readString(maps)).contains(classes.toRealPath().toString());
      }
      assertThat(relay.stop(Duration.ofSeconds(35))).isIn(0, 143);
    }
  }

  private static Process script(Path installation, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(installation.resolve("bin").resolve("appointment-relay").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(installation.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  @Test
  void theBillOfMaterialsNamesEveryLibraryShipped() throws Exception {
    Path installation = unpacked();
    Set<String> named = new HashSet<>();
    JsonNode bill = new ObjectMapper().readTree(installation.resolve("sbom.json").toFile());
    for (JsonNode one : bill.path("components")) {
      named.add(one.path("name").asText() + "-" + one.path("version").asText() + ".jar");
    }
    try (Stream<Path> shipped = Files.list(installation.resolve("lib"))) {
      assertThat(shipped.map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(named);
    }
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
  }

  /** Of the samples: people, numbers, addresses; and whatever opens a door. */
  private static void assertTellsNothing(String printed) {
    assertThat(printed)
        .doesNotContain("Alma", "Ejemplo", "alma.ejemplo", "0000000199", "1979-11-02")
        .doesNotContain("5550199", "555-0198", "Casey", "casey.example", "5550112", "Granite")
        .doesNotContain("123 Main", "12 Sample", "06669a76329f4577bea114bc50072da6")
        .doesNotContain("sandbox-token", "sandbox-sms-token", "whsec_", "Bearer");
  }

  private static JsonNode messages(int console) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + console + "/api/sandbox/messages");
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body());
  }

  private Path unpacked() throws IOException, InterruptedException {
    Path archive;
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      archive =
          built
              .filter(file -> file.toString().endsWith("-dist.tar.gz"))
              .findFirst()
              .orElseThrow()
              .toAbsolutePath();
    }
    Finished tar =
        Finished.of(
            new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", elsewhere.toString())
                .redirectErrorStream(true)
                .start());
    assertThat(tar.status()).as(tar.printed()).isZero();
    try (Stream<Path> unpacked = Files.list(elsewhere)) {
      return unpacked.findFirst().orElseThrow();
    }
  }
}
