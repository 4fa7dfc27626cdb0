package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {

  private static final SealingKey OLD = key("old", 1);
  private static final SealingKey NEW = key("new", 2);
  private static final String HERE = "message.body\ncanvas\n17";

  private final Seal seal = Seal.of(List.of(NEW, OLD));

  static SealingKey key(String id, int each) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) each);
    return new SealingKey(id, key);
  }

  @Test
  void theFirstKeyWritesAndAllRead() {
    String before = Seal.of(List.of(OLD)).text("Ada", HERE);
    String now = seal.text("Ada", HERE);

    assertThat(before).startsWith("sealed:old:").doesNotContain("Ada");
    assertThat(now).startsWith("sealed:new:");
    assertThat(seal.open(before, HERE)).isEqualTo("Ada");
    assertThat(seal.open(now, HERE)).isEqualTo("Ada");
    assertThat(seal.isCurrent(now)).isTrue();
    assertThat(seal.isCurrent(before)).isFalse();
    assertThat(seal.isCurrent("Ada")).isFalse();
    assertThat(Seal.NONE.isCurrent("Ada")).isTrue();
    assertThat(Seal.NONE.isCurrent(now)).isFalse();
  }

  @Test
  void plainValuesAreReadAsTheyAre() {
    assertThat(seal.open("{}", HERE)).isEqualTo("{}");
    assertThat(seal.open("{}".getBytes(UTF_8), HERE)).isEqualTo("{}".getBytes(UTF_8));
    assertThat(Seal.NONE.text("{}", HERE)).isEqualTo("{}");
  }

  @Test
  void aValueOpensOnlyWhereItBelongs() {
    byte[] body = seal.bytes("Ada".getBytes(UTF_8), HERE);
    String text = seal.text("Ada", HERE);

    assertThatThrownBy(() -> seal.open(body, "message.body\ncanvas\n18"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one of message.body does not")
        .hasMessageContaining("backup")
        .hasMessageNotContaining("canvas");
    assertThatThrownBy(() -> seal.open(text, "appointment.state\ncanvas\n17"))
        .isInstanceOf(IllegalStateException.class);
  }

  static Stream<Arguments> places() {
    Instant at = Instant.parse("2026-08-01T08:00:00Z");
    return Stream.of(
        arguments(Place.body("canvas", at), Place.body("canvas", at.plusMillis(1))),
        arguments(Place.body("canvas", at), Place.body("redox-fhir", at)),
        arguments(Place.state("clinic", "a"), Place.state("clinic", "b")),
        arguments(Place.state("clinic", "a"), Place.state("other", "a")),
        arguments(Place.changes(new Position(1, 1)), Place.changes(new Position(1, 2))),
        arguments(Place.changes(new Position(1, 1)), Place.changes(new Position(2, 1))),
        arguments(Place.payload("clinic", "a"), Place.payload("clinic", "b")),
        arguments(Place.delivery("why", 1), Place.delivery("why", 2)),
        arguments(Place.delivery("why", 1), Place.delivery("recipient", 1)),
        arguments(Place.masked(new byte[] {1}), Place.masked(new byte[] {2})),
        arguments(Place.probe("old"), Place.probe("new")),
        arguments(Place.RECIPIENT_KEY, Place.REPLY_KEY));
  }

  @ParameterizedTest
  @MethodSource("places")
  void noTwoRowsAndNoTwoColumnsAreOnePlace(String one, String other) {
    String sealed = seal.text("Ada", one);

    assertThat(seal.open(sealed, one)).isEqualTo("Ada");
    assertThatThrownBy(() -> seal.open(sealed, other)).isInstanceOf(IllegalStateException.class);
  }

  /** A sender may post whatever bytes: none of them are taken for a sealed value of ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0001",
        "\u0001\u0003oldxxxxxxxx",
        "\u0002",
        "\u0002\u0002{}",
        "\u0001\u007f"
      })
  void bytesThatLookSealedComeBackAsTheyWereSent(String body) {
    byte[] sent = body.getBytes(UTF_8);

    assertThat(Seal.NONE.open(Seal.NONE.bytes(sent, HERE), HERE)).isEqualTo(sent);
    assertThat(seal.open(Seal.NONE.bytes(sent, HERE), HERE)).isEqualTo(sent);
    assertThat(seal.open(seal.bytes(sent, HERE), HERE)).isEqualTo(sent);
    assertThat(Seal.NONE.isCurrent(Seal.NONE.bytes(sent, HERE))).isTrue();
    assertThat(seal.isCurrent(Seal.NONE.bytes(sent, HERE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sealed:", "sealed:old", "sealed:old:", "sealed:old:!!", "sealed:new:AAAA"})
  void whatOnlyLooksSealedIsNotTakenForPlain(String stored) {
    assertThatThrownBy(() -> seal.open(stored, HERE)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(bytes = {-128, -1, 127, 2})
  void brokenBytesAreRefusedInWords(byte length) {
    byte[] stored = {1, length, 'x'};

    assertThatThrownBy(() -> seal.open(stored, HERE))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("Restore");
  }

  @Test
  void aKeyThatIsNotHereIsNamed() {
    String stored = Seal.of(List.of(key("other", 3))).text("Ada", HERE);

    assertThatThrownBy(() -> seal.open(stored, HERE))
        .isInstanceOf(WrongStoreKey.class)
        .hasMessageContaining("must have the key 'other'")
        .hasMessageContaining("found only new, old")
        .hasMessageContaining("add it");
    assertThat(seal.toString() + OLD).doesNotContain("AQEB");
  }
}
