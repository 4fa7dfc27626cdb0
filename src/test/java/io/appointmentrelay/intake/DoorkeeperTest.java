package io.appointmentrelay.intake;

import static io.appointmentrelay.intake.Notifications.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
