package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.command.Audit;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/a-life.md} is, between its two marks, the transcript of {@link ALife} with the
 * shipped routes, texts and settings, to the byte. {@code -Dwrite=true} writes it anew.
 */
class ALifeTest {

  private static final Path DOCUMENT = Path.of("docs", "a-life.md");
  private static final String FROM = "<!-- From here on written by ALifeTest -->\n\n";
  private static final String TO = "<!-- To here written by ALifeTest -->\n";
  private static final Map<String, String> CLINIC =
      Map.of(
          "relay.clinic.phone", "312-555-0100",
          "relay.clinic.questionnaire-url", "https://clinic.example.org/questions");

  @TempDir private Path directory;
  private Transcript transcript;
  private RelayByHand relay;

  @BeforeEach
  void open() throws Exception {
    transcript = new Transcript(ALife.CLINIC, () -> relay.now());
    relay =
        new RelayByHand(
            directory,
            Bench.settings(directory, CLINIC),
            RelayByHand.SHIPPED_TEXTS,
            transcript::leaves);
  }

  @AfterEach
  void close() {
    relay.close();
  }

  @Test
  void theDocumentSaysToTheByteWhatIsSentInALife() throws Exception {
    ALife life = new ALife(relay, transcript);
    life.live();
    List<ConsoleReads.Delivery> deliveries = life.deliveries();
    transcript.table(deliveries);
    transcript.paragraph("And the ledger (`java -jar target/appointment-relay.jar audit`):");
    transcript.block("", audit());

    String document = Files.readString(DOCUMENT);
    String lived =
        document.substring(0, document.indexOf(FROM) + FROM.length())
            + transcript
            + document.substring(document.indexOf(TO));
    if (Boolean.getBoolean("write")) {
      Files.writeString(DOCUMENT, lived);
    }
    assertThat(deliveries)
        .extracting(ConsoleReads.Delivery::status)
        .containsOnly("sent", "suppressed", "superseded");
    assertThat(Files.readString(DOCUMENT))
        .as("if the life is meant to be another now: mvn test -Dtest=ALifeTest -Dwrite=true")
        .isEqualTo(lived);
  }

  private String audit() {
    StringWriter printed = new StringWriter();
    new Audit()
        .run(
            StoreAddress.of("jdbc:sqlite:" + directory.resolve("relay.db")),
            new PrintWriter(printed));
    return printed.toString().lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
  }
}
