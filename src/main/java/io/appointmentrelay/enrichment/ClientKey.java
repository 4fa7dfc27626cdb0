package io.appointmentrelay.enrichment;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private key that proves who we are, with the algorithm SMART Backend Services has for its
 * kind: RS384 for RSA, ES384 for the curve P-384.
 *
 * @param id the kid under which the server knows the public key
 */
record ClientKey(JWSSigner signer, JWSAlgorithm algorithm, String id) {

  private static final String PEM_BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String PEM_END = "-----END PRIVATE KEY-----";
  private static final String REMEDY =
      "Convert it: openssl pkcs8 -topk8 -nocrypt, or give a private JWK of an RSA key or of a P-384 key.";

  /**
   * Reads PEM (PKCS #8) or JWK.
   *
   * @param keyId wins over a JWK's own kid
   * @throws IllegalArgumentException with a sentence that quotes nothing of the key
   */
  static ClientKey of(String text, @Nullable String keyId) {
    String key = text.strip().replace("\\n", "\n");
    try {
      return key.startsWith("{") ? ofJwk(key, keyId) : ofPem(key, keyId);
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      // The cause would quote the key.
      throw unusable("one that cannot be read");
    }
  }

  private static ClientKey ofJwk(String json, @Nullable String keyId)
      throws ParseException, JOSEException {
    JWK jwk =
        json.contains("\"keys\"") ? firstPrivate(JWKSet.parse(json).getKeys()) : JWK.parse(json);
    String id = keyId != null ? keyId : jwk.getKeyID();
    if (!jwk.isPrivate() || id == null) {
      throw unusable(jwk.isPrivate() ? "one without a key id (kid)" : "a public one");
    }
    if (jwk instanceof RSAKey rsa) {
      return new ClientKey(new RSASSASigner(rsa), JWSAlgorithm.RS384, id);
    }
    if (jwk instanceof ECKey ec && Curve.P_384.equals(ec.getCurve())) {
      return new ClientKey(new ECDSASigner(ec), JWSAlgorithm.ES384, id);
    }
    throw unusable("one of another kind");
  }

  private static JWK firstPrivate(List<JWK> keys) {
    return keys.stream()
        .filter(JWK::isPrivate)
        .findFirst()
        .orElseThrow(() -> unusable("a key set without a private key"));
  }

  private static ClientKey ofPem(String pem, @Nullable String keyId)
      throws GeneralSecurityException, JOSEException {
    int begin = pem.indexOf(PEM_BEGIN);
    int end = pem.indexOf(PEM_END);
    if (begin < 0 || end < begin || keyId == null) {
      throw unusable(keyId == null ? "one without a key id" : "something else");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.substring(begin + PEM_BEGIN.length(), end));
    } catch (IllegalArgumentException notBase64) {
      throw unusable("one that cannot be read");
    }
    return ofPkcs8(new PKCS8EncodedKeySpec(der), keyId);
  }

  private static ClientKey ofPkcs8(PKCS8EncodedKeySpec key, String keyId)
      throws GeneralSecurityException, JOSEException {
    try {
      PrivateKey rsa = KeyFactory.getInstance("RSA").generatePrivate(key);
      return new ClientKey(new RSASSASigner(rsa), JWSAlgorithm.RS384, keyId);
    } catch (GeneralSecurityException notRsa) {
      ECPrivateKey ec = (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(key);
      ECDSASigner signer = new ECDSASigner(ec);
      if (!signer.supportedJWSAlgorithms().contains(JWSAlgorithm.ES384)) {
        throw unusable("one on another curve");
      }
      return new ClientKey(signer, JWSAlgorithm.ES384, keyId);
    }
  }

  private static IllegalArgumentException unusable(String found) {
    return new IllegalArgumentException(
        "expected a private key in PEM (PKCS #8, unencrypted) or as JWK, found "
            + found
            + ". "
            + REMEDY);
  }

  /** Never prints the key. */
  @Override
  public String toString() {
    return "ClientKey[" + algorithm + ", " + id + "]";
  }
}
