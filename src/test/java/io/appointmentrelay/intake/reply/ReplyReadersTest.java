package io.appointmentrelay.intake.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.ReplyNotice;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.UnreadableNotification;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text message and a link say, before it is known what they answer. */
class ReplyReadersTest {

  private static final ReadingContext CONTEXT =
      new ReadingContext(ZoneId.of("America/Chicago"), Instant.EPOCH);

  private final SmsReplyReader sms = new SmsReplyReader();
  private final LinkReplyReader link = new LinkReplyReader();

  private String label(String form) throws UnreadableNotification {
    return sms.read(form.getBytes(UTF_8), 0, CONTEXT).label();
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, stop",
    "stop, stop",
    "+Stop%0A, stop",
    "STOPALL, stop",
    "Unsubscribe, stop",
    "CANCEL, stop",
    "end, stop",
    "Quit, stop",
    "REVOKE, stop",
    "optout, stop",
    "START, start",
    "unstop, start",
    "help, help",
    "INFO, help",
    "YES, reply",
    "C, reply",
    "STOP+please, reply",
    "cancel+my+visit, reply",
    "'', reply"
  })
  void theCarriersWordsAreThoseThatStandAlone(String body, String label) throws Exception {
    assertThat(label("From=%2B16085550112&Body=" + body)).isEqualTo(label);
    assertThat(sms.glance(("From=%2B16085550112&Body=" + body).getBytes(UTF_8)).get(0).label())
        .isEqualTo(label);
  }

  @ParameterizedTest
  @CsvSource({
    "PARAR, STOP, stop",
    "AYUDA, HELP, help",
    "VOLVER, START, start",
    "YES, START, reply",
    "C, '', reply",
    "C, nonsense, reply"
  })
  void wordsThatTheGatewayWasTaughtAreTakenAsItTookThem(String body, String took, String label)
      throws Exception {
    assertThat(label("From=%2B16085550112&Body=" + body + "&OptOutType=" + took)).isEqualTo(label);
  }

  @Test
  void aRepeatIsToldByItsSidAndOrderIsKeptPerNumber() {
    Part part = sms.glance("MessageSid=SM1&From=%2B16085550112&Body=C".getBytes(UTF_8)).get(0);
    assertThat(part.deduplicationKey()).isEqualTo("SM1");
    assertThat(part.lane()).isEqualTo("+16085550112");
    assertThat(part.appointment()).isNull();
    assertThat(sms.glance("From=%2B1608&Body=C".getBytes(UTF_8)).get(0).deduplicationKey())
        .isNull();
  }

  @Test
  void aMessageWithoutASenderIsUnreadable() {
    assertThatThrownBy(() -> label("Body=fragment-of-a-body"))
        .isInstanceOf(UnreadableNotification.class)
        .hasMessageNotContaining("fragment");
  }

  @Test
  void nothingOfItIsPrinted() throws Exception {
    assertThat(sms.read("From=%2B16085550112&Body=my+dog".getBytes(UTF_8), 0, CONTEXT).toString())
        .doesNotContain("1608", "dog");
  }

  @Test
  void aLinksAnswerIsReadAsItIsWritten() throws Exception {
    ReplyNotice.Asked asked = new ReplyNotice.Asked(123_456_789_012L, 7);
    byte[] bytes = LinkReplyReader.bytes("decline", asked, "sms");
    assertThat(link.read(bytes, 0, CONTEXT))
        .isEqualTo(new ReplyNotice("decline", "sms", null, null, asked));
    assertThat(link.glance(bytes).get(0).deduplicationKey())
        .isEqualTo("decline 123456789012 7 sms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "confirm",
        "confirm 1 2",
        "unknown 1 2 sms",
        "confirm -1 2 sms",
        "confirm 1 2 S"
      })
  void whatTheDoorDidNotWriteIsUnreadable(String text) {
    assertThat(link.glance(text.getBytes(UTF_8))).containsExactly(Part.UNREADABLE);
    assertThatThrownBy(() -> link.read(text.getBytes(UTF_8), 0, CONTEXT))
        .isInstanceOf(UnreadableNotification.class);
  }

  @Property
  void noBytesBreakThem(@ForAll byte[] bytes) {
    assertThat(sms.glance(bytes)).hasSize(1);
    assertThat(link.glance(bytes)).hasSize(1);
    assertThat(SmsReplyReader.carrierWord(bytes)).isNotNull();
  }
}
