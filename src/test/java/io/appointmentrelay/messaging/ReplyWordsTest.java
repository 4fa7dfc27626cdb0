package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What patients are asked to write, what is understood, and what the carrier would take away. */
class ReplyWordsTest {

  private static final Path SHIPPED = Path.of("routes/channel/texts");

  @TempDir Path directory;

  private static final Texts TEXTS = Texts.load(SHIPPED, Map.of());

  @ParameterizedTest
  @CsvSource({
    "C, en, CONFIRM",
    "c, en, CONFIRM",
    "' C. ', en, CONFIRM",
    "Yes!, en, CONFIRM",
    "“yes”, en, CONFIRM",
    "Ok 👍, en, CONFIRM",
    "ｙｅｓ, en, CONFIRM",
    "sí, es, CONFIRM",
    "SÍ, es-MX, CONFIRM",
    "Sí, en, CONFIRM",
    "yes, es, CONFIRM",
    "No, en, DECLINE",
    "no, es, DECLINE",
    "N, , DECLINE",
    "llámame, es, CALL",
    "call, en, CALL",
    "yes please, en, UNKNOWN",
    "no problem, en, UNKNOWN",
    "'', en, UNKNOWN",
    "?, en, UNKNOWN",
    "CC, en, UNKNOWN"
  })
  void aWholeMessageMeansWhatItsWordDoes(String message, String language, Meaning meaning) {
    assertThat(TEXTS.meaning(message, language)).isEqualTo(meaning);
  }

  @Test
  void aLongMessageIsNotTakenApart() {
    assertThat(TEXTS.meaning(".".repeat(100_000) + "C", "en")).isEqualTo(Meaning.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "START",
        "UNSTOP",
        "HELP",
        "INFO",
        "Cancel"
      })
  void aWordOfTheCarriersIsRefusedAtTheStart(String word) throws IOException {
    copyWith("replies.en.properties", "decline = N, NO, DECLINE", "decline = N, " + word);
    assertThatThrownBy(() -> Texts.load(directory, Map.of()))
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("replies.en.properties: expected words in decline")
        .hasMessageContaining("the carrier does not take for itself")
        .hasMessageContaining("choose another word");
  }

  @Test
  void yesIsUnderstoodAndNotAskedFor() throws IOException {
    copyWith("replies.en.properties", "confirm = C, CONFIRM", "confirm = YES, C, CONFIRM");
    assertThatThrownBy(() -> Texts.load(directory, Map.of()))
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("nor, to be asked for, YES, found YES");
  }

  @Test
  void aWordMeansOneThing() throws IOException {
    copyWith("replies.en.properties", "decline = N,", "decline = N, OK,");
    assertThatThrownBy(() -> Texts.load(directory, Map.of()))
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("expected every word to mean one thing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCEL", "END", "QUIT", "UNSUBSCRIBE"})
  void aTextThatAsksForACarriersWordDoesNotLoad(String word) throws IOException {
    copyWith("reminder.en.sms.txt", "{{ clinic }}:", "{{ clinic }}: Reply " + word + " if ill,");
    assertThatThrownBy(() -> Texts.load(directory, Map.of()))
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("reminder.en.sms.txt: expected no word in capitals")
        .hasMessageContaining("found " + word + "; ask for another word");
  }

  @Test
  void howToEndAllMessagesMayBeSaid() throws IOException {
    copyWith("reminder.en.sms.txt", "{{ clinic }}:", "{{ clinic }} (STOP to end):");
    assertThat(Texts.load(directory, Map.of()).names("sms")).contains("reminder");
  }

  private void copyWith(String file, String from, String to) throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      for (Path one : files.toList()) {
        Files.copy(one, directory.resolve(one.getFileName()));
      }
    }
    String content = Files.readString(directory.resolve(file));
    assertThat(content).contains(from);
    Files.writeString(directory.resolve(file), content.replace(from, to));
  }
}
