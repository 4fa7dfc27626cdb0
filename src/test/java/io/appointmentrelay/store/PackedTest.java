package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PackedTest {

  /** Whatever a sender posts: noise, repetition, and what begins as our own marks do. */
  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(700);
    Arbitrary<byte[]> repetition =
        Arbitraries.of("\u0001\u0002", "\u0003", "{\"start\":\"2026-01-01\"}", "ä", "\u0000")
            .flatMap(word -> Arbitraries.integers().between(1, 400).map(word::repeat))
            .map(text -> text.getBytes(UTF_8));
    return Arbitraries.oneOf(noise, repetition);
  }

  @Property
  void everyBodyComesBackAsItWas(@ForAll("bodies") byte[] body) throws DataFormatException {
    byte[] kept = Packed.of(body);

    assertThat(Packed.open(kept)).isEqualTo(body);
    assertThat(kept.length).isLessThanOrEqualTo(body.length + 1);
  }

  @Test
  void jsonTakesHalfTheRoom() {
    String json = "{\"resourceType\":\"Appointment\",\"status\":\"booked\",\"id\":\"%d\"}";
    StringBuilder bundle = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      bundle.append(json.formatted(i));
    }
    byte[] body = bundle.toString().getBytes(UTF_8);

    assertThat(Packed.of(body).length).isLessThan(body.length / 2);
  }

  @Test
  void megabytesOfNothingComeBack() throws DataFormatException {
    byte[] zeroes = new byte[10 << 20];

    assertThat(Packed.open(Packed.of(zeroes))).isEqualTo(zeroes);
  }

  /** A damaged file says so, and takes no memory that it does not have. */
  @Property
  void whatIsDamagedIsRefused(@ForAll("bodies") byte[] body, @ForAll long at) {
    byte[] kept = Packed.of(body);
    if (kept.length < 6 || kept[0] != 3) {
      return;
    }
    byte[] cut = Arrays.copyOf(kept, kept.length - 1 - new Random(at).nextInt(kept.length - 5));
    byte[] longer = kept.clone();
    longer[1] = 0x7f;

    assertThatThrownBy(() -> Packed.open(cut)).isInstanceOf(DataFormatException.class);
    assertThatThrownBy(() -> Packed.open(longer)).isInstanceOf(DataFormatException.class);
  }
}
