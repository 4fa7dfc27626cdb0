package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a directory of texts is loaded, refused and replaced, with texts made for the purpose. */
class TextsTest {
  private static final Path SHIPPED = Path.of("routes/channel/texts");
  private static final VisitModel VISIT = Visits.inPerson();

  @TempDir private Path directory;

  @BeforeEach
  void aSmallDirectoryOfTexts() throws IOException {
    for (String words : List.of("words.en.properties", "words.es.properties")) {
      Files.copy(SHIPPED.resolve(words), directory.resolve(words));
    }
    write("booked.en.sms.txt", "{{ clinic }}: booked{% if start %} for {{ start }}{% endif %}.");
    write("booked.es.sms.txt", "{{ clinic }}: reservada{% if start %} el {{ start }}{% endif %}.");
    write("booked.en.email.txt", "Subject: Booked\n\nHello {{ name }}\n\n{{ place }}");
    write("booked.en.email.html", "<p>{{ place }}</p>");
  }

  @Test
  void aTextIsWordedForItsChannel() {
    Texts texts = Texts.load(directory, Map.of());
    assertThat(texts.names("sms")).containsExactly("booked");
    assertThat(texts.names("fax")).isEmpty();
    assertThat(texts.word("booked", "sms", "en", VISIT))
        .isEqualTo(
            new WordedMessage(
                null,
                "Good Health Clinic: booked for Monday, 3 August at 10:00 AM.",
                null,
                "en",
                "Appointment at Good Health Clinic",
                Phi.VISIT));
    assertThat(texts.word("booked", "email", "en", VISIT))
        .isEqualTo(
            new WordedMessage(
                "Booked",
                "Hello Ana\n\nNorth Office",
                "<p>North Office</p>",
                "en",
                "Appointment at Good Health Clinic",
                Phi.VISIT));
  }

  @Test
  void theNearestLanguageIsSpokenAndAtLastEnglish() {
    Texts texts = Texts.load(directory, Map.of());
    for (String spanish : List.of("es", "es-MX", "ES", "es_US", "es-Latn-MX")) {
      assertThat(texts.word("booked", "sms", spanish, VISIT).text())
          .isEqualTo("Good Health Clinic: reservada el lunes, 3 de agosto a las 10:00.");
    }
    for (String other : new String[] {"fr", "", "-", "../../etc", "e s", null}) {
      assertThat(texts.word("booked", "sms", other, VISIT).text())
          .isEqualTo("Good Health Clinic: booked for Monday, 3 August at 10:00 AM.");
    }
    // There is no Spanish e-mail: the whole letter is in English, not half of it.
    assertThat(texts.word("booked", "email", "es", VISIT).subject()).isEqualTo("Booked");
  }

  @Test
  void anUnknownTextSaysWhichThereAre() {
    assertThatThrownBy(() -> Texts.load(directory, Map.of()).word("boked", "sms", "en", VISIT))
        .hasMessage(
            "Channel sms has the texts [booked]; found 'boked'. Correct the route, or add"
                + " boked.en.sms.txt.");
  }

  @Test
  void anUnknownPlaceholderIsFoundAtOnceEvenInABranchSeldomTaken() throws IOException {
    write("booked.en.sms.txt", "a\n{% if start %}b\n{% else %}{{ strat }}{% endif %}");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("booked.en.sms.txt line 3:")
        .contains("[strat]")
        .endsWith("use one of the names in README.md of the texts.");
  }

  @Test
  void whatDoesNotCompileIsFoundWithItsLine() throws IOException {
    write("booked.en.email.html", "<p>\n{% if start %}</p>");
    write("booked.es.sms.txt", "{{ clinic | shout }}");
    assertThat(problems())
        .satisfiesExactly(
            html -> assertThat(html).startsWith("booked.en.email.html line ").contains("endif"),
            sms -> assertThat(sms).startsWith("booked.es.sms.txt line 1:").contains("[shout]"));
  }

  @Test
  void aPieceIsBlamedForItsOwnMistake() throws IOException {
    write("_piece.txt", "one\n{{ tow }}");
    write("booked.en.sms.txt", "{% include \"_piece.txt\" %}");
    assertThat(problems()).singleElement().asString().startsWith("_piece.txt line 2:");
  }

  @Test
  void aPieceThatIsNotThereIsFound() throws IOException {
    write("booked.en.sms.txt", "one\n{% include \"_piece.txt\" %}");
    write("_other.txt", "{% include \"../secret\" %}");
    assertThat(problems())
        .containsExactly(
            "_other.txt line 1: expected the name of a file in this directory, found ../secret;"
                + " add that file or correct the name.",
            "booked.en.sms.txt line 2: expected the name of a file in this directory, found"
                + " _piece.txt; add that file or correct the name.");
  }

  @Test
  void aPieceWhoseNameIsComputedIsFound() throws IOException {
    write("booked.en.sms.txt", "{% include (\"_\" + modality) %}");
    assertThat(problems()).singleElement().asString().contains("write it in quotes");
  }

  @Test
  void aPieceThatIncludesItselfIsFound() throws IOException {
    write("_piece.txt", "{% include \"_piece.txt\" %}");
    write("booked.en.sms.txt", "{% include \"_piece.txt\" %}");
    assertThat(problems()).singleElement().asString().contains("StackOverflowError");
  }

  @Test
  void aFilterThatCannotTakeItsValueIsFound() throws IOException {
    write("booked.en.sms.txt", "{{ clinic | date('yyyy') }}");
    assertThat(problems()).singleElement().asString().startsWith("booked.en.sms.txt");
  }

  @Test
  void aTemplateMayCallNoMethod() throws IOException {
    write("booked.en.sms.txt", "{{ clinic.class.forName('java.lang.Runtime') }}");
    assertThat(problems()).singleElement().asString().contains("booked.en.sms.txt line 1");
  }

  @Test
  void aLetterWithoutSubjectIsRefused() throws IOException {
    for (String text : List.of("Hello", "Subject:\n\nHello", "Subject: a\nHello", "")) {
      write("booked.en.email.txt", text);
      assertThat(problems()).singleElement().asString().startsWith("booked.en.email.txt line 1:");
    }
  }

  @Test
  void anUnescapedValueIsRefused() throws IOException {
    write("booked.en.email.html", "<p>{{ place | raw }}</p>");
    assertThat(problems()).singleElement().asString().contains("remove the raw filter");
  }

  @Test
  void aTextThatIsEmptyForSomeVisitIsRefused() throws IOException {
    write("booked.en.sms.txt", "{% if start %}Booked{% endif %}");
    assertThat(problems()).singleElement().asString().contains("add an {% else %}");
    write("booked.en.sms.txt", "Booked");
    write("booked.en.email.txt", "Subject: {{ start }}\n\nBooked");
    assertThat(problems()).singleElement().asString().startsWith("booked.en.email.txt: expected");
  }

  @Test
  void aTextMissingInTheDefaultLanguageIsFound() throws IOException {
    write("moved.es.sms.txt", "hola");
    assertThat(problems()).singleElement().asString().endsWith("add moved.en.sms.txt.");
  }

  @Test
  void htmlWithoutPlainTextIsFound() throws IOException {
    write("moved.en.email.html", "hello");
    assertThat(problems()).singleElement().asString().endsWith("add moved.en.email.txt.");
  }

  @Test
  void aLanguageWithoutWordsIsFound() throws IOException {
    write("booked.fr.sms.txt", "bonjour");
    assertThat(problems()).singleElement().asString().endsWith("add words.fr.properties.");
  }

  @Test
  void wordsThatLackAKeyAreFound() throws IOException {
    write("words.es.properties", "start = H:mm\nfoo = bar");
    assertThat(problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("words.es.properties: expected exactly the keys")
                    .contains("unknown [foo]"));
  }

  @Test
  void aStrangeFileNameIsFoundAndAnEditorsFileIsNot() throws IOException {
    write("booked.sms.txt", "hello");
    write(".booked.en.sms.txt.swp", "{{");
    write("booked.en.sms.txt~", "{{");
    write("README.md", "{{");
    assertThat(problems()).singleElement().asString().startsWith("booked.sms.txt: expected a name");
  }

  @Test
  void bytesThatAreNotUtf8AreFound() throws IOException {
    Files.write(
        directory.resolve("booked.es.sms.txt"), "adiós".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems()).singleElement().asString().contains("save it as UTF-8");
  }

  @Test
  void aDirectoryThatIsNotThereIsFound() {
    assertThatThrownBy(() -> Texts.load(directory.resolve("elsewhere"), Map.of()))
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("restore it");
  }

  @Test
  void reloadTakesTheNewTexts() throws IOException {
    Texts texts = Texts.load(directory, Map.of());
    write("booked.en.sms.txt", "New");
    assertThat(texts.word("booked", "sms", "en", VISIT).text()).startsWith("Good Health");
    texts.reload();
    assertThat(texts.word("booked", "sms", "en", VISIT).text()).isEqualTo("New");
  }

  @Test
  void brokenTextsLeaveTheOldOnesInForce() throws IOException {
    Texts texts = Texts.load(directory, Map.of());
    write("booked.en.sms.txt", "{{ nothing }}");
    assertThatThrownBy(texts::reload)
        .isInstanceOf(BrokenTexts.class)
        .hasMessageContaining("booked.en.sms.txt line 1");
    assertThat(texts.word("booked", "sms", "en", VISIT).text()).startsWith("Good Health");
  }

  @Test
  void aTextMessageOfSeveralSegmentsIsWarnedOfWithItsCure() throws IOException {
    write("booked.en.sms.txt", "{{ clinic }}: " + "long words ".repeat(20) + "{{ startShort }}");
    write("booked.es.sms.txt", "{{ clinic }}: cita \u0141 " + "palabras ".repeat(8) + ".");

    assertThat(Texts.load(directory, Map.of()).warnings())
        .satisfiesExactly(
            english ->
                assertThat(english)
                    .startsWith("booked.en.sms.txt: expected one segment")
                    .contains("found 2 with a sample visit", ", GSM-7)")
                    .endsWith("Shorten it, or leave out what the GSM alphabet lacks."),
            spanish ->
                assertThat(spanish)
                    .startsWith("booked.es.sms.txt: ")
                    .contains("UCS-2 because of '\u0141'"));
  }

  private List<String> problems() {
    return catchThrowableOfType(BrokenTexts.class, () -> Texts.load(directory, Map.of()))
        .problems();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content + "\n");
  }

  @Test
  void theShippedTextsLoadInAMoment() throws IOException {
    Texts texts = Texts.load(SHIPPED, Map.of());
    try (Stream<Path> files = Files.list(SHIPPED)) {
      assertThat(files).hasSizeGreaterThan(50);
    }
    assertThat(texts.names("sms")).isEqualTo(texts.names("email")).hasSize(17);
  }
}
