package io.appointmentrelay.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.appointment.PatientReply.Meaning;
import io.appointmentrelay.appointment.ReplyNotice.Asked;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a link stands for, and reads it again: which message it is in, which version of the
 * appointment that spoke of, what a tap says, and until when. A dozen bytes and a signature of as
 * many, so that it fits into a text message; nothing in it is about a person.
 */
public final class ReplyLinks {

  /** What a link stands for. */
  public record Link(Meaning meaning, Asked asked, Instant until) {}

  private static final String ALGORITHM = "HmacSHA256";

  /** 96 bits: nobody finds one by trying, and a text message has room for it. */
  private static final int SIGNATURE = 12;

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{18,48}");

  /** Without it the same key would sign what something else takes for its own. */
  private static final byte[] PURPOSE = "appointment-relay reply 1\n".getBytes(UTF_8);

  /** As they are numbered in a token; a number never gets another meaning. */
  private static final List<Meaning> MEANINGS =
      List.of(Meaning.CONFIRM, Meaning.DECLINE, Meaning.CALL);

  private static final long SECONDS = 60;

  private final List<byte[]> keys;

  /**
   * @param keys the first signs, all are accepted; at least one
   */
  public ReplyLinks(List<String> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "Links are signed with a key; found none. Set relay.replies.key, or leave it out.");
    }
    this.keys = keys.stream().map(key -> key.getBytes(UTF_8)).toList();
  }

  /** The token of a link; the same for the same. */
  public String token(Link link) {
    ByteArrayOutputStream said = new ByteArrayOutputStream(16);
    long minutes = Math.max(0, link.until().getEpochSecond() / SECONDS);
    said.write(MEANINGS.indexOf(link.meaning()));
    number(said, link.asked().delivery());
    number(said, link.asked().version());
    number(said, minutes);
    byte[] bytes = said.toByteArray();
    said.writeBytes(signature(keys.get(0), bytes));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(said.toByteArray());
  }

  /** Whether a text has the form of a token; tells nothing of its signature. */
  public static boolean looksLikeOne(String token) {
    return TOKEN.matcher(token).matches();
  }

  /** What a token stands for; empty: nobody of ours signed it, or not in this form. */
  public Optional<Link> read(String token) {
    if (!looksLikeOne(token)) {
      return Optional.empty();
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    // Of the spellings that decode to the same bytes only ours is a token: each is used once.
    boolean isOurs = Base64.getUrlEncoder().withoutPadding().encodeToString(all).equals(token);
    if (!isOurs || all.length <= SIGNATURE) {
      return Optional.empty();
    }
    byte[] said = Arrays.copyOf(all, all.length - SIGNATURE);
    byte[] claimed = Arrays.copyOfRange(all, said.length, all.length);
    boolean genuine = false;
    for (byte[] key : keys) {
      genuine |= MessageDigest.isEqual(signature(key, said), claimed);
    }
    return genuine ? link(ByteBuffer.wrap(said)) : Optional.empty();
  }

  private static Optional<Link> link(ByteBuffer said) {
    int meaning = said.get();
    if (meaning < 0 || meaning >= MEANINGS.size()) {
      return Optional.empty();
    }
    long delivery = number(said);
    long version = number(said);
    long minutes = number(said);
    boolean whole = !said.hasRemaining() && version <= Integer.MAX_VALUE;
    return whole
        ? Optional.of(
            new Link(
                MEANINGS.get(meaning),
                new Asked(delivery, (int) version),
                Instant.ofEpochSecond(minutes * SECONDS)))
        : Optional.empty();
  }

  private static byte[] signature(byte[] key, byte[] said) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(PURPOSE);
      return Arrays.copyOf(mac.doFinal(said), SIGNATURE);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA256", impossible);
    }
  }

  /** Seven bits a byte, the lowest first. */
  private static void number(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest > 0x7F) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static long number(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; in.hasRemaining(); shift += 7) {
      byte next = in.get();
      number |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    return number;
  }

  /** Never prints a key. */
  @Override
  public String toString() {
    return "ReplyLinks[" + keys.size() + " keys]";
  }
}
