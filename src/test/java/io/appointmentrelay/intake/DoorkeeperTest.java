package io.appointmentrelay.intake;

import static io.appointmentrelay.intake.Notifications.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorkeeperTest {

  private final Doorkeeper doorkeeper = new Doorkeeper(List.of("new-token", "old-token"));

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer new-token", "bearer new-token", "BEARER  old-token ", "new-token"})
  void aTokenInTheAuthorizationHeaderSuffices(String authorization) {
    assertThat(doorkeeper.admits(authorization, null)).isTrue();
  }

  @Test
  void aTokenInTheVerificationHeaderSuffices() {
    assertThat(doorkeeper.admits(null, "new-token")).isTrue();
    assertThat(doorkeeper.admits("", "old-token")).isTrue();
  }

  @Test
  void bothHeadersMayShowTheSame() {
    assertThat(doorkeeper.admits("Bearer new-token", "new-token")).isTrue();
  }

  @Test
  void headersThatDisagreeAreRefusedEvenIfBothTokensAreAccepted() {
    assertThat(doorkeeper.admits("Bearer new-token", "wrong")).isFalse();
    assertThat(doorkeeper.admits("Bearer wrong", "new-token")).isFalse();
    assertThat(doorkeeper.admits("Bearer new-token", "old-token")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic new-token",
        "new-toke",
        "new-token2",
        "NEW-TOKEN",
        "new-token,old-token"
      })
  void anythingElseIsRefused(String authorization) {
    assertThat(doorkeeper.admits(authorization, null)).isFalse();
  }

  @Test
  void withoutTokenNobodyIsAdmitted() {
    assertThat(doorkeeper.admits(null, null)).isFalse();
    assertThat(new Doorkeeper(List.of()).admits("Bearer x", "x")).isFalse();
    assertThat(new Doorkeeper(List.of("", " ")).admits("Bearer ", "")).isFalse();
  }

  @Test
  void itTellsWhetherAnyTokenIsShown() {
    assertThat(doorkeeper.showsToken(null, null)).isFalse();
    assertThat(doorkeeper.showsToken(" ", "")).isFalse();
    assertThat(doorkeeper.showsToken("Bearer wrong", null)).isTrue();
    assertThat(doorkeeper.showsToken(null, "wrong")).isTrue();
  }

  @Test
  void aPostVerifiesByTheTokenInItsBody() {
    byte[] body = json("{'verification-token': 'new-token', 'challenge': '2e73f864'}");
    assertThat(doorkeeper.challengeIn(body, false)).isEqualTo("2e73f864");
    assertThat(doorkeeper.challengeIn(body, true)).isEqualTo("2e73f864");
  }

  @Test
  void aPostWithAWrongTokenInItsBodyIsRefusedWhateverTheHeader() {
    byte[] body = json("{'verification-token': 'wrong', 'challenge': '2e73f864'}");
    assertThat(doorkeeper.challengeIn(body, false)).isNull();
    assertThat(doorkeeper.challengeIn(body, true)).isNull();
  }

  @Test
  void aPostWithoutTokenInItsBodyNeedsOneInTheHeaderAndNothingElseInTheBody() {
    assertThat(doorkeeper.challengeIn(json("{'challenge': 'c'}"), true)).isEqualTo("c");
    assertThat(doorkeeper.challengeIn(json("{'challenge': 'c'}"), false)).isNull();
    assertThat(doorkeeper.challengeIn(json("{'challenge': 'c', 'Visit': {}}"), true)).isNull();
  }

  @Test
  void aNotificationIsNoVerification() {
    assertThat(doorkeeper.challengeIn(Notifications.bytes("redox-fhir/booked"), true)).isNull();
    assertThat(doorkeeper.challengeIn(new byte[0], true)).isNull();
    assertThat(doorkeeper.challengeIn(json("[]"), true)).isNull();
    assertThat(doorkeeper.challengeIn(json("{'challenge': 17}"), true)).isNull();
  }

  @Test
  void aGetVerifiesByAQueryOrAHeader() {
    assertThat(doorkeeper.challengeFor("c", "new-token", null, null)).isEqualTo("c");
    assertThat(doorkeeper.challengeFor("c", null, "Bearer old-token", null)).isEqualTo("c");
    assertThat(doorkeeper.challengeFor("c", null, null, "new-token")).isEqualTo("c");
    assertThat(doorkeeper.challengeFor("c", "new-token", "Bearer new-token", "new-token"))
        .isEqualTo("c");
  }

  @Test
  void aGetWithAWrongTokenAnywhereIsRefused() {
    assertThat(doorkeeper.challengeFor("c", null, null, null)).isNull();
    assertThat(doorkeeper.challengeFor("c", "wrong", null, null)).isNull();
    assertThat(doorkeeper.challengeFor("c", "wrong", "Bearer new-token", null)).isNull();
    assertThat(doorkeeper.challengeFor("c", "new-token", null, "wrong")).isNull();
    assertThat(doorkeeper.challengeFor(null, "new-token", null, null)).isNull();
  }

  @Test
  void aChallengeThatIsNoneIsNotEchoed() {
    assertThat(doorkeeper.challengeFor("c".repeat(2_000), "new-token", null, null)).hasSize(2_000);
    assertThat(doorkeeper.challengeFor("c".repeat(2_001), "new-token", null, null)).isNull();
    assertThat(doorkeeper.challengeFor("a\r\nb", "new-token", null, null)).isNull();
    assertThat(doorkeeper.challengeFor("", "new-token", null, null)).isNull();
    byte[] control = json("{'verification-token': 'new-token', 'challenge': 'a\\u0000b'}");
    assertThat(doorkeeper.challengeIn(control, false)).isNull();
  }

  @Test
  void itNeverPrintsAToken() {
    assertThat(doorkeeper.toString()).isEqualTo("Doorkeeper[2 tokens]");
  }

  private static final String BODY = "{\"resourceType\":\"Bundle\",\"id\":\"v-1\"}";
  private static final String BY_NEW =
      "sha256=ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf69772408";
  private static final String BY_OLD =
      "sha256=dd884e9c77ad2f26949a862d5899047448c03d2611f079a0cbf2eeff82907699";

  private final Doorkeeper signed = new Doorkeeper(List.of("new-secret", "old-secret"), true);

  /** Made with {@code openssl dgst -sha256 -hmac}; what follows the bracket is part of the body. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "``,ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf69772408",
        "``,dd884e9c77ad2f26949a862d5899047448c03d2611f079a0cbf2eeff82907699",
        "\\n,ada639b864e890e83b5ef03c914ec8241af93ef199bab64bdbcfe7b51b0fc8e2",
        "\\n,ab54b36ce91eab3212065d3557ebb269e03c0aca6bc24eb0d7be164ba71cc09f",
        " \\t\\r\\n,68f697ad4f245f9e33e8df872a3385cca0ed5f619391378c89f016845ef51931",
        " \\t\\r\\n,52ec4dfbaa96626ed322a1a35de394064e4e056792dda521bf32ff2e3763bbd7",
      })
  void aSignatureIsOfEveryByteByEitherSecret(String trailing, String hex) {
    String body = BODY + trailing.translateEscapes();

    assertThat(signed.admitsSigned(bytes(body), List.of("sha256=" + hex))).isTrue();
    assertThat(signed.admitsSigned(bytes(body), List.of(" SHA256=" + upper(hex) + " "))).isTrue();
    assertThat(signed.admitsSigned(bytes(body + " "), List.of("sha256=" + hex))).isFalse();
    assertThat(signed.admitsSigned(bytes(" " + body), List.of("sha256=" + hex))).isFalse();
  }

  private static String upper(String hex) {
    return hex.toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void bytesThatAreNoTextAreSignedToo() {
    byte[] body = {
      '{', '"', 'n', '"', ':', '"', (byte) 0xc3, (byte) 0xa9, (byte) 0xff, 0, '"', '}'
    };
    String signature = "sha256=7e2fd28fa33869eac9cd3945e171603e75d7c39400238ded02e855dd7fd01855";
    assertThat(signed.admitsSigned(body, List.of(signature))).isTrue();
    body[9] = 1;
    assertThat(signed.admitsSigned(body, List.of(signature))).isFalse();
  }

  @Test
  void anEmptyBodyIsSignedToo() {
    String signature = "sha256=43e7ab89f02c210c6a07d8fbea533999eb910bdf18c42aeebcf9406c2730da24";
    assertThat(signed.admitsSigned(new byte[0], List.of(signature))).isTrue();
  }

  @Test
  void aTamperedBodyIsRefused() {
    byte[] body = bytes(BODY);
    for (int i = 0; i < body.length; i++) {
      body[i] ^= 1;
      assertThat(signed.admitsSigned(body, List.of(BY_NEW))).isFalse();
      body[i] ^= 1;
    }
    assertThat(signed.admitsSigned(body, List.of(BY_NEW))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "sha1=ee5108f9d9345c9d9526162d5c6f0e7553cc5875",
        "ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf69772408",
        "sha256=ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf6977240",
        "sha256=ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf697724080",
        "sha256=ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf6977240g",
        "sha256=ee5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf69772409",
        "sha256=fe5108f9d9345c9d9526162d5c6f0e7553cc587580b00c06c12a14bf69772408",
        "sha256=7lEI+dk0XJ2VJhYtXG8OdVPMWHWAsAwGwSoUv2l3JAg=",
      })
  void anythingElseThanSha256InHexadecimalIsNoSignature(String header) {
    assertThat(signed.admitsSigned(bytes(BODY), List.of(header))).isFalse();
  }

  @Test
  void severalSignaturesAreInDoubtAndRefused() {
    assertThat(signed.admitsSigned(bytes(BODY), List.of(BY_NEW, BY_OLD))).isFalse();
    assertThat(signed.admitsSigned(bytes(BODY), List.of())).isFalse();
  }

  @Test
  void aSourceThatIsNotSignedReadsNoSignature() {
    Doorkeeper plain = new Doorkeeper(List.of("new-secret"));
    assertThat(plain.readsSignatures()).isFalse();
    assertThat(plain.admitsSigned(bytes(BODY), List.of(BY_NEW))).isFalse();
    assertThat(new Doorkeeper(List.of(""), true).readsSignatures()).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
