package io.appointmentrelay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SandboxMessagesTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private final SandboxMessages messages = new SandboxMessages(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void theNewestComesFirst() {
    add("sms", "one");
    add("email", "two");

    assertThat(messages.all(null)).extracting(SandboxMessage::text).containsExactly("two", "one");
    assertThat(messages.all(null)).extracting(SandboxMessage::number).containsExactly(2L, 1L);
    assertThat(messages.all(null)).extracting(SandboxMessage::at).containsOnly(NOW);
  }

  @Test
  void oneChannelIsShownAlone() {
    add("sms", "one");
    add("email", "two");

    assertThat(messages.all("sms")).extracting(SandboxMessage::text).containsExactly("one");
    assertThat(messages.all("webhook")).isEmpty();
  }

  @Test
  void theOldestMakeRoom() {
    IntStream.rangeClosed(1, SandboxMessages.KEPT + 3).forEach(i -> add("sms", "text " + i));

    List<SandboxMessage> kept = messages.all(null);
    assertThat(kept).hasSize(SandboxMessages.KEPT);
    assertThat(kept.get(kept.size() - 1).text()).isEqualTo("text 4");
  }

  @Test
  void aNumberIsNotUsedTwiceAfterClearing() {
    add("sms", "one");
    messages.clear();
    assertThat(messages.all(null)).isEmpty();

    add("sms", "two");
    assertThat(messages.all(null)).extracting(SandboxMessage::number).containsExactly(2L);
  }

  @Test
  void manyThreadsGetNumbersOfTheirOwn() {
    IntStream.range(0, 400).parallel().forEach(i -> add("webhook", "body"));

    assertThat(messages.all(null))
        .extracting(SandboxMessage::number)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 400).boxed().toList());
  }

  private void add(String channel, String text) {
    messages.add(
        (number, at) ->
            new SandboxMessage(number, at, channel, "", "to", null, text, null, Map.of(), null));
  }
}
