package io.appointmentrelay.intake;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.intake.json.Json;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may speak for one source, by static tokens as Redox sends them (CONTRACTS §1.1,
 * §1.2). Several tokens are accepted at once so that they can be rotated. Whatever is in doubt is
 * refused, and a source without tokens admits nobody.
 */
public final class Doorkeeper {

  private static final String SCHEME = "Bearer ";
  private static final String TOKEN_KEY = "verification-token";
  private static final String CHALLENGE_KEY = "challenge";

  /** A verification request is small; looking for one must not cost a second parse of 10 MB. */
  private static final int LARGEST_HANDSHAKE = 8_192;

  private static final int LONGEST_CHALLENGE = 2_000;

  private final List<byte[]> accepted;

  private final boolean speaksFhir;

  /** How a body may be signed; absent: signatures are not looked at. */
  private final @Nullable SignatureScheme signatures;

  private final boolean onlySigned;

  /** Blank tokens are no tokens. */
  public Doorkeeper(List<String> tokens) {
    this(tokens, false);
  }

  /**
   * Blank tokens are no tokens.
   *
   * @param speaksFhir whether the sender is a FHIR server: a body that it signs with a token needs
   *     to show none
   */
  public Doorkeeper(List<String> tokens, boolean speaksFhir) {
    this.speaksFhir = speaksFhir;
    List<String> usable = tokens.stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
    accepted = usable.stream().map(DigestUtils::sha256).toList();
    signatures = speaksFhir && !usable.isEmpty() ? new HubSignatures(usable) : null;
    onlySigned = false;
  }

  private Doorkeeper(SignatureScheme signatures) {
    this.speaksFhir = false;
    this.accepted = List.of();
    this.signatures = signatures;
    this.onlySigned = true;
  }

  /** Of a sender that shows no token, whatever its headers hold, and signs all that it sends. */
  public static Doorkeeper ofSigned(SignatureScheme signatures) {
    return new Doorkeeper(signatures);
  }

  /**
   * Whether the headers of a request show an accepted token: either suffices, and two that disagree
   * are refused.
   *
   * @param authorization {@code Bearer <token>}, or the token alone
   * @param verificationToken the token
   */
  public boolean admits(@Nullable String authorization, @Nullable String verificationToken) {
    return admitsAll(bearer(authorization), verificationToken);
  }

  /** Whether this source's bodies may be signed in the place of a token that is shown. */
  public boolean readsSignatures() {
    return signatures != null;
  }

  /** How bodies are signed; absent: signatures are not looked at. */
  public @Nullable SignatureScheme signatures() {
    return signatures;
  }

  /** Whether the sender is a FHIR server, which may PUT what it tells of. */
  public boolean speaksFhir() {
    return speaksFhir;
  }

  /**
   * Whether the signatures beside a body, of which there should be one, are of an accepted token. A
   * wrong one is refused also beside a token that is right.
   *
   * @param shown the values of the header that signatures are in
   * @param query of the address; absent: it had none
   */
  public boolean admitsSigned(byte[] body, @Nullable String query, List<String> shown) {
    return signatures != null
        && shown.size() == 1
        && signatures.isGenuine(body, query, shown.get(0));
  }

  /** As {@link #admitsSigned(byte[], String, List)}, of an address without a query. */
  public boolean admitsSigned(byte[] body, List<String> shown) {
    return admitsSigned(body, null, shown);
  }

  /** Whether any of the two headers is there, right or wrong. */
  public boolean showsToken(@Nullable String authorization, @Nullable String verificationToken) {
    return !onlySigned && (stripped(authorization) != null || stripped(verificationToken) != null);
  }

  /**
   * The challenge to echo if a POST verifies the endpoint: its body has an accepted token, or the
   * headers had one and the body has nothing but the challenge. Null: it is no verification, or not
   * an authentic one.
   */
  public @Nullable String challengeIn(byte[] body, boolean admittedByHeader) {
    JsonNode root = body.length > LARGEST_HANDSHAKE ? null : Json.object(body);
    if (root == null || !root.path(CHALLENGE_KEY).isTextual()) {
      return null;
    }
    String token = Json.text(root, TOKEN_KEY);
    boolean authentic =
        token == null ? admittedByHeader && isOnlyAChallenge(root) : admitsAll(token);
    return authentic ? presentable(root.path(CHALLENGE_KEY).textValue()) : null;
  }

  /**
   * The challenge to echo if a GET verifies the endpoint, with the token in the query or, as older
   * documentation has it, in a header. Null: nothing to echo, or a wrong token anywhere.
   */
  public @Nullable String challengeFor(
      @Nullable String queryChallenge,
      @Nullable String queryToken,
      @Nullable String authorization,
      @Nullable String verificationTokenHeader) {
    boolean authentic = admitsAll(queryToken, bearer(authorization), verificationTokenHeader);
    return authentic ? presentable(queryChallenge) : null;
  }

  /** {@code X-Hub-Signature: sha256=<hex>}, over the body alone. */
  private record HubSignatures(List<String> secrets) implements SignatureScheme {
    private static final int SIGNED_BODY = 1 << 20;

    @Override
    public String header() {
      return "X-Hub-Signature";
    }

    @Override
    public int bodyAtMost() {
      return SIGNED_BODY;
    }

    @Override
    public boolean isGenuine(byte[] body, @Nullable String query, String signature) {
      return BodySignature.of(signature).filter(one -> one.isOf(body, secrets)).isPresent();
    }

    @Override
    public String toString() {
      return "HubSignatures[" + secrets.size() + "]";
    }
  }

  /** Never prints a token. */
  @Override
  public String toString() {
    return "Doorkeeper[" + accepted.size() + " tokens]";
  }

  /**
   * Whether at least one token is presented, all presented ones are the same, and it is accepted.
   */
  private boolean admitsAll(@Nullable String... presented) {
    List<byte[]> hashes =
        Stream.of(presented)
            .map(Doorkeeper::stripped)
            .filter(Objects::nonNull)
            .map(DigestUtils::sha256)
            .toList();
    boolean agreed = true;
    for (byte[] hash : hashes) {
      agreed &= MessageDigest.isEqual(hashes.get(0), hash);
    }
    boolean known = !hashes.isEmpty() && isAccepted(hashes.get(0));
    return known && agreed;
  }

  /** Compares with every token, so that the time taken tells nothing about any. */
  private boolean isAccepted(byte[] hash) {
    boolean found = false;
    for (byte[] token : accepted) {
      found |= MessageDigest.isEqual(token, hash);
    }
    return found;
  }

  private static boolean isOnlyAChallenge(JsonNode root) {
    for (Iterator<String> keys = root.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!key.equals(CHALLENGE_KEY) && !key.equals(TOKEN_KEY)) {
        return false;
      }
    }
    return true;
  }

  /** What is echoed must not become a tool for somebody who got hold of a token. */
  private static @Nullable String presentable(@Nullable String challenge) {
    boolean usable =
        challenge != null
            && !challenge.isEmpty()
            && challenge.length() <= LONGEST_CHALLENGE
            && challenge.chars().noneMatch(Character::isISOControl);
    return usable ? challenge : null;
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    String value = stripped(authorization);
    if (value == null || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return value;
    }
    return value.substring(SCHEME.length());
  }

  private static @Nullable String stripped(@Nullable String text) {
    String value = text == null ? "" : text.strip();
    return value.isEmpty() ? null : value;
  }
}
