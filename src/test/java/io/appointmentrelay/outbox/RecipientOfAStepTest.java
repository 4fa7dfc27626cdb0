package io.appointmentrelay.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route may say of whom an {@code outbox:} step is for. */
class RecipientOfAStepTest {

  private static final Texts TEXTS = Texts.load(Path.of("routes/channel/texts"), Map.of());

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "outbox:email?text=booked",
        "outbox:email?text=booked&recipient=patient",
        "outbox:sms?text=staff-news&recipient=staff",
        "outbox:email?text=staff-news&recipient=staff&before=P1D",
        "outbox:webhook",
        "outbox:webhook?recipient=system"
      })
  void isOneWhoReadsSuchTexts(String uri) {
    assertThatCode(() -> endpoint(uri)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "outbox:webhook?recipient=staff | expected no recipient:, found 'staff'. Take it out",
        "outbox:email?text=booked&recipient=nurse"
            + " | expects recipient: patient or staff, found 'nurse'. Correct it",
        "outbox:email?text=booked&recipient=system"
            + " | expects recipient: patient or staff, found 'system'. Correct it",
        "outbox:email?text=booked&recipient=staff"
            + " | whose name begins with staff-, so that nobody reads what is meant for others; found 'booked'",
        "outbox:sms?text=staff-news"
            + " | whose name does not begin with staff-, so that nobody reads what is meant for others; found 'staff-news'"
      })
  void elseTheRouteDoesNotLoadAndSaysWhy(String uri, String words) {
    Throwable refused = catchThrowable(() -> endpoint(uri));

    assertThat(refused).rootCause().hasMessageContaining(words);
  }

  private void endpoint(String uri) throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      // Endpoints that only plan have no use for a runner.
      camel.addComponent(
          "outbox", new OutboxComponent(settings(), TEXTS, null, Set.of(), Clock.systemUTC()));
      camel.getEndpoint(uri);
    }
  }

  private Settings settings() {
    Properties given = new Properties();
    given.put("relay.source.canvas.kind", "canvas");
    return SettingsReader.read(directory.resolve("none"), Map.of(), given, Set.of("canvas"));
  }
}
