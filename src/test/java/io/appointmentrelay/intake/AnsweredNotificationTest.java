package io.appointmentrelay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.AnswerNotice;
import io.appointmentrelay.appointment.Writeback;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer is read as it was written, and nothing else is one. */
class AnsweredNotificationTest {

  private static final ReadingContext CONTEXT = new ReadingContext(ZoneOffset.UTC, Instant.EPOCH);

  private final AnsweredNotification reader = new AnsweredNotification();

  @Test
  void whatWasWrittenIsRead() throws UnreadableNotification {
    byte[] written = AnsweredNotification.of(Writeback.CANCEL, "g\"1", "id|\u00e9", 3);

    assertThat(reader.glance(written)).isEqualTo(List.of(new Part("cancel", "id|\u00e9", null)));
    assertThat(reader.read(written, 0, CONTEXT))
        .isEqualTo(new AnswerNotice("cancel", "g\"1", "id|\u00e9", 3));
    assertThat(reader.read(AnsweredNotification.of(Writeback.CONFIRM, "g", "1", null), 0, CONTEXT))
        .isEqualTo(new AnswerNotice("confirm", "g", "1", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "{\"answer\":\"move\",\"group\":\"g\",\"identifier\":\"1\"}",
        "{\"answer\":\"cancel\",\"group\":\"g\",\"identifier\":1}",
        "{\"answer\":\"cancel\",\"group\":null,\"identifier\":\"1\"}",
        "{\"answer\":\"cancel\",\"group\":\"g\",\"identifier\":\"1\""
      })
  void anythingElseIsUnreadable(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

    assertThat(reader.glance(bytes)).containsExactly(Part.UNREADABLE);
    assertThatThrownBy(() -> reader.read(bytes, 0, CONTEXT))
        .isInstanceOf(UnreadableNotification.class);
  }

  @Test
  void onlyItsOwnSourceReadsThem() {
    byte[] written = AnsweredNotification.of(Writeback.CANCEL, "g", "1", null);

    assertThat(SourceKinds.reader(AnsweredNotification.SOURCE, written))
        .isInstanceOf(AnsweredNotification.class);
    for (String kind : SourceKinds.names()) {
      assertThat(SourceKinds.reader(kind, written)).isNotInstanceOf(AnsweredNotification.class);
    }
    assertThat(SourceKinds.names()).doesNotContain(AnsweredNotification.SOURCE);
  }
}
