package io.appointmentrelay.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

class Xaes256GcmTest {

  private static final byte[] NONCE = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(UTF_8);

  private static Xaes256Gcm key(int each) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) each);
    return new Xaes256Gcm(key);
  }

  private static String sealed(Xaes256Gcm cipher, String plain, String bound) {
    byte[] sealed = cipher.seal(plain.getBytes(UTF_8), bound.getBytes(UTF_8), 0, NONCE);
    return HexFormat.of().formatHex(sealed, NONCE.length, sealed.length);
  }

  /** The two keys differ in whether the first bit falls out when the subkey is doubled. */
  @Test
  void itSealsAsTheVectorsOfItsSpecificationSay() {
    assertThat(sealed(key(1), "XAES-256-GCM", ""))
        .isEqualTo("ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
    assertThat(sealed(key(3), "XAES-256-GCM", "c2sp.org/XAES-256-GCM"))
        .isEqualTo("986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
  }

  @Test
  void whatIsSealedTwiceLooksDifferentAndOpens() throws Exception {
    Xaes256Gcm cipher = key(7);
    byte[] plain = "a visit".getBytes(UTF_8);
    byte[] bound = "there".getBytes(UTF_8);
    byte[] one = cipher.seal(plain, bound, 5);
    byte[] two = cipher.seal(plain, bound, 5);

    assertThat(one).isNotEqualTo(two);
    assertThat(cipher.open(one, 5, bound)).isEqualTo(plain);
    assertThat(cipher.open(two, 5, bound)).isEqualTo(plain);
  }

  @Test
  void noBitOfItCanBeChanged() {
    Xaes256Gcm cipher = key(7);
    byte[] bound = "there".getBytes(UTF_8);
    byte[] sealed = cipher.seal("a visit".getBytes(UTF_8), bound, 0);

    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] other = sealed.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> cipher.open(other, 0, bound))
          .isInstanceOf(AEADBadTagException.class);
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] shorter = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> cipher.open(shorter, 0, bound))
          .isInstanceOf(AEADBadTagException.class);
    }
  }
}
