package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiTiersTest {

  private static final Path SHIPPED = Path.of("routes/channel/texts");
  private static final String BOOKED = "booked.en.sms.txt";

  @TempDir private Path directory;

  @BeforeEach
  void words() throws IOException {
    Files.copy(SHIPPED.resolve("words.en.properties"), directory.resolve("words.en.properties"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{{ clinic }}, call {{ phone }}',                        VISIT",
    "'{# phi: none #}{{ clinic }}, call {{ phone }}',         NONE",
    "'{{ start }} at {{ place }} with {{ practitioner }}.',   VISIT",
    "'{{ clinic }} {{ type }}',                               FULL",
    "'{{ clinic }}{% if type == \"Check-up\" %}!{% endif %}', FULL",
    "'{# phi: full #}{{ clinic }}: your test is ready',       FULL",
  })
  void howMuchATextTellsIsFoundByTryingIt(String content, Phi tells) throws IOException {
    write(BOOKED, content);

    assertThat(word("booked", Phi.FULL).phi()).isEqualTo(tells);
  }

  @Test
  void whatTellsTooMuchIsSaidByItsTwin() throws IOException {
    write(BOOKED, "{{ clinic }}: {{ type }} on {{ start }}");
    write("phi-free.en.sms.txt", "{# phi: none #}{{ clinic }}: please call.");

    assertThat(word("booked", Phi.FULL).text()).contains("Oncology follow-up");
    assertThat(word("booked", Phi.VISIT).text()).isEqualTo("Good Health Clinic: please call.");

    write("booked-phi-free.en.sms.txt", "{# phi: none #}{{ clinic }}: welcome.");
    assertThat(word("booked", Phi.VISIT).text()).isEqualTo("Good Health Clinic: welcome.");
    assertThat(word("booked", Phi.NONE).phi()).isEqualTo(Phi.NONE);
  }

  @Test
  void aChannelThatMayCarryItSaysItItself() throws IOException {
    write(BOOKED, "{{ clinic }}: {{ start }}");

    assertThat(word("booked", Phi.VISIT).text()).contains("3 August");
  }

  @Test
  void aMissingTwinFailsAtTheStart() throws IOException {
    write(BOOKED, "{{ clinic }}: {{ type }}");

    assertThat(problems(Phi.VISIT))
        .containsExactly(
            "booked.en.sms.txt: expected a twin free of health information beside it, because it"
                + " tells more (full) than relay.channel.sms.phi=visit lets it, found neither"
                + " booked-phi-free.en.sms.txt nor phi-free.en.sms.txt; add one, or let the channel"
                + " carry more.");
  }

  @ParameterizedTest
  @CsvSource({
    "booked.en.sms.txt,   '{# phi: none #}{{ start }}.',      to tell no more",
    "booked.en.sms.txt,   '{# phi: visit #}{{ type }}.',      to tell no more",
    "booked.en.sms.txt,   '{# phi: nome #}{{ clinic }}',      'none, visit or full'",
    "phi-free.en.sms.txt, '{{ clinic }}',                     '{# phi: none #}'",
  })
  void aMarkThatDoesNotHoldFailsAtTheStart(String file, String content, String expected)
      throws IOException {
    write(file, content);

    assertThat(problems(Phi.FULL))
        .singleElement()
        .asString()
        .startsWith(file + ": expected ")
        .contains(expected);
  }

  @Test
  void theHtmlIsTriedToo() throws IOException {
    write("phi-free.en.email.txt", "Subject: A message\n\n{# phi: none #}Please call.");
    write("phi-free.en.email.html", "<p>{{ start }}.</p>");

    assertThat(problems(Phi.FULL)).singleElement().asString().startsWith("phi-free.en.email.txt");
  }

  @Test
  void everyShippedTextHasATwinThatTellsNothing() {
    Texts texts = Texts.load(SHIPPED, Map.of("email", Phi.NONE, "sms", Phi.NONE));
    for (String channel : List.of("email", "sms")) {
      for (String text : texts.names(channel)) {
        for (String language : List.of("en", "es")) {
          WordedMessage message = texts.word(text, channel, language, Visits.inPerson());
          assertThat(message.phi()).isEqualTo(Phi.NONE);
          assertThat(message.language()).isEqualTo(language);
          assertThat(message.subject() + message.text() + message.html())
              .contains("Good Health Clinic")
              .doesNotContain("Ana", "August", "agosto", "Lee", "North", "ppointment", "cita");
        }
      }
    }
  }

  private WordedMessage word(String text, Phi limit) {
    return Texts.load(directory, Map.of("sms", limit)).word(text, "sms", "en", Visits.inPerson());
  }

  private List<String> problems(Phi limit) {
    return catchThrowableOfType(
            BrokenTexts.class, () -> Texts.load(directory, Map.of("sms", limit)))
        .problems();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content + "\n");
  }
}
