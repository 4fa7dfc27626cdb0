package io.appointmentrelay.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may ask: against a token server that verifies signatures. */
class AuthorisationTest {

  private final RealFhirServer ehr =
      RealFhirServer.start().knows(Said.patient("p-1", "77"), Said.patient("p-2", "78"));

  @AfterEach
  void stop() {
    ehr.close();
  }

  private Settings.Fhir settings(String key, String keyId, String secret, String bearer) {
    boolean asks = key != null || secret != null;
    return new Settings.Fhir(
        ehr.baseUrl(),
        asks ? ehr.tokenUrl() : null,
        asks ? "the-client" : null,
        key,
        keyId,
        secret,
        null,
        bearer,
        4);
  }

  private void assertWelcome(Settings.Fhir settings) {
    try (EnrichmentRoom room = EnrichmentRoom.of("redox-fhir", settings)) {
      assertThat(contacts(room, "77")).isEqualTo(2);
    }
  }

  private static int contacts(EnrichmentRoom room, String mr) {
    AppointmentNotice notice = room.enrich(Said.lightweight(Said.MR + "|" + mr));
    return notice.patient().contactPoints().size();
  }

  private static RSAKey rsa() throws Exception {
    return new RSAKeyGenerator(2048).keyID("key-1").generate();
  }

  private static String pem(RSAKey key) throws Exception {
    return pem(key.toPrivateKey().getEncoded());
  }

  private static String pem(byte[] pkcs8) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pkcs8)
        + "\n-----END PRIVATE KEY-----\n";
  }

  @Test
  void aSignatureByAnRsaKeyInPemIsWelcome() throws Exception {
    RSAKey key = rsa();
    ehr.asksForTokensSignedBy(key.toPublicJWK());

    assertWelcome(settings(pem(key), "key-1", null, null));
  }

  @Test
  void aSignatureByAnEllipticKeyIsWelcomeAsJwkAndAsPem() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_384).keyID("key-2").generate();
    ehr.asksForTokensSignedBy(key.toPublicJWK());

    assertWelcome(settings(key.toJSONString(), null, null, null));
    assertWelcome(settings(pem(key.toPrivateKey().getEncoded()), "key-2", null, null));
  }

  @Test
  void aSecretABearerAndNothingAreWelcomeWhereTheyAreAskedFor() {
    assertWelcome(settings(null, null, null, null));
    ehr.accepts("fixed");
    assertWelcome(settings(null, null, null, "fixed"));
    ehr.asksForTokensHadFor("hush");
    assertWelcome(settings(null, null, "hush", null));
  }

  @Test
  void oneTokenServesManyQuestionsAndIsRenewedOnceWhenRefused() {
    ehr.asksForTokensHadFor("hush");
    try (EnrichmentRoom room =
        EnrichmentRoom.of("redox-fhir", settings(null, null, "hush", null))) {
      contacts(room, "77");
      contacts(room, "78");
      assertThat(ehr.tokensGiven()).isEqualTo(1);

      ehr.revokeTokens();
      room.servers.of("redox-fhir").search(Question.identifier("Patient", Said.MR + "|77"));
      assertThat(ehr.tokensGiven()).isEqualTo(2);
    }
  }

  @Test
  void howeverManyWaitOneAsksForTheToken() {
    ehr.asksForTokensHadFor("hush");
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try (EnrichmentRoom room =
        EnrichmentRoom.of("redox-fhir", settings(null, null, "hush", null))) {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String mr = String.valueOf(1_000 + i);
        all.add(CompletableFuture.runAsync(() -> contacts(room, mr), threads));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

      assertThat(ehr.tokensGiven()).isEqualTo(1);
      assertThat(ehr.mostConnections()).isLessThanOrEqualTo(4);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusedCredentialsConcernTheServerAsAWholeAndAreNotQuoted() {
    ehr.asksForTokensHadFor("hush");
    try (EnrichmentRoom room =
        EnrichmentRoom.of("redox-fhir", settings(null, null, "wrong-secret", null))) {
      assertThatThrownBy(() -> contacts(room, "77"))
          .isInstanceOf(OtherEndUnavailable.class)
          .hasMessageContaining("token server of source redox-fhir")
          .hasMessageContaining("HTTP 400")
          .hasMessageNotContaining("wrong-secret");
    }
  }

  @Test
  void keysThatCannotBeUsedStopTheStartWithoutBeingQuoted() throws Exception {
    RSAKey key = rsa();
    JWK p256 = new ECKeyGenerator(Curve.P_256).keyID("key-3").generate();
    String exponent = key.getPrivateExponent().toString();
    List<String> unusable =
        List.of(
            "junk",
            key.toPublicJWK().toJSONString(),
            p256.toJSONString(),
            "{\"kty\":\"RSA\",\"d\":\"" + exponent + "\"}",
            pem(exponent.getBytes()),
            "-----BEGIN RSA PRIVATE KEY-----\n" + exponent);
    for (String text : unusable) {
      assertThatThrownBy(() -> EnrichmentRoom.of("redox-fhir", settings(text, "key-1", null, null)))
          .isInstanceOf(InvalidSettings.class)
          .hasMessageStartingWith("relay.source.redox-fhir.fhir.private-key: expected")
          .hasMessageNotContaining(exponent.substring(0, 20));
    }
  }

  @Test
  void nothingSecretIsInAnyToString() throws Exception {
    RSAKey key = rsa();
    Settings.Fhir settings = settings(pem(key), "key-1", "hush", "fixed");

    assertThat(
            settings
                + " "
                + ClientKey.of(pem(key), "key-1")
                + AccessToken.livingFor(
                    "token-1", java.time.Duration.ofHours(1), java.time.Instant.now()))
        .doesNotContain("hush", "fixed", "BEGIN", "token-1");
  }
}
