package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.appointment.ReplyNotice.Asked;
import io.appointmentrelay.messaging.ReplyLinks.Link;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of our own, made by another program, byte for byte. */
class ReplyLinksTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");
  private static final Link CONFIRM = new Link(Meaning.CONFIRM, new Asked(17, 2), UNTIL);
  private static final String TOKEN = "ABEC4OWlDlxAs6pG6CXyYNh8PQ";

  private final ReplyLinks links = new ReplyLinks(List.of(KEY));

  @Test
  void aTokenIsTheSameForTheSame() {
    assertThat(links.token(CONFIRM)).isEqualTo(TOKEN);
    assertThat(links.token(new Link(Meaning.DECLINE, new Asked(123_456_789_012L, 300), UNTIL)))
        .isEqualTo("AZS05PTLA6wC4OWlDnL6OzH6Wsbt2X3zEQ");
    assertThat(links.read(TOKEN)).contains(CONFIRM);
  }

  @Test
  void everyOtherTokenIsRefused() {
    for (int i = 0; i < TOKEN.length(); i++) {
      for (char other : "ABab09-_".toCharArray()) {
        String tampered = TOKEN.substring(0, i) + other + TOKEN.substring(i + 1);
        if (!tampered.equals(TOKEN)) {
          assertThat(links.read(tampered)).describedAs(tampered).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "ABEC4OWlDlxAs6pG6CXyYNh8PQ=",
        "ABEC4OWlDlxAs6pG6CXyYNh8PQ==",
        "ABEC4OWlDlxAs6pG6CXyYNh8P",
        "ABEC4OWlDlxAs6pG6CXyYNh8PQA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAA",
        "________________________________________________",
        "ABEC4OWlDlxAs6pG6CXyYNh8PQ/../x",
        "%41BEC4OWlDlxAs6pG6CXyYNh8PQ"
      })
  void whatHasAnotherFormIsRefused(String token) {
    assertThat(links.read(token)).isEmpty();
  }

  @Test
  void bothKeysAreAcceptedWhileOneIsChangedAndTheFirstSigns() {
    ReplyLinks changing = new ReplyLinks(List.of("another-key-of-thirty-two-letters", KEY));
    assertThat(changing.read(TOKEN)).contains(CONFIRM);
    assertThat(links.read(changing.token(CONFIRM))).isEmpty();
    assertThat(changing.read(changing.token(CONFIRM))).contains(CONFIRM);
    assertThat(changing.toString()).doesNotContain("another", KEY);
  }

  @Property
  void whatIsSignedIsReadAgainAndShort(
      @ForAll @LongRange(min = 1, max = 1L << 48) long delivery,
      @ForAll @IntRange(min = 1) int version,
      @ForAll @LongRange(min = 0, max = 80_000_000) long minutes) {
    Link link =
        new Link(Meaning.CALL, new Asked(delivery, version), Instant.ofEpochSecond(minutes * 60));
    String token = links.token(link);
    assertThat(links.read(token)).contains(link);
    assertThat(token.length()).isLessThanOrEqualTo(40);
  }

  @Property
  void noTextBreaksIt(@ForAll String text) {
    assertThat(links.read(text)).isEmpty();
  }
}
