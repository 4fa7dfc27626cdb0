package io.appointmentrelay.intake.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.intake.SignatureScheme;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code X-Twilio-Signature}: base64 of HMAC-SHA1 under the account's token, over the whole public
 * address with its query, then every field's name and value, sorted by name (Twilio, "Webhooks
 * security"). The address is the one that Twilio was given, whatever a proxy has made of it.
 */
public final class TwilioSignature implements SignatureScheme {

  private static final String ALGORITHM = "HmacSHA1";
  private static final int LARGEST_FORM = 64 * 1024;

  private final List<String> tokens;
  private final Supplier<URI> publicUrl;
  private final String path;

  /**
   * @param tokens all are accepted, so that one can be changed; none: nothing is genuine
   * @param publicUrl by which the relay is reached from outside
   * @param path below it
   */
  public TwilioSignature(List<String> tokens, Supplier<URI> publicUrl, String path) {
    this.tokens = List.copyOf(tokens);
    this.publicUrl = publicUrl;
    this.path = path;
  }

  @Override
  public String header() {
    return "X-Twilio-Signature";
  }

  @Override
  public int bodyAtMost() {
    return LARGEST_FORM;
  }

  @Override
  public boolean isGenuine(byte[] body, @Nullable String query, String signature) {
    Optional<Form> form = Form.read(body);
    if (form.isEmpty()) {
      return false;
    }
    String address = withoutSlash(publicUrl.get()) + path + (query == null ? "" : "?" + query);
    byte[] claimed = signature.strip().getBytes(UTF_8);
    boolean genuine = false;
    for (String token : tokens) {
      byte[] ours = signature(token, address, form.get()).getBytes(UTF_8);
      genuine |= MessageDigest.isEqual(ours, claimed);
    }
    return genuine;
  }

  /** The signature that belongs to a form at an address; empty if it is no form. */
  public static Optional<String> of(String token, String address, byte[] body) {
    return Form.read(body).map(form -> signature(token, address, form));
  }

  /** A field that is there twice with one value counts once, as Twilio's own libraries have it. */
  private static String signature(String token, String address, Form form) {
    String fields =
        form.fields().stream()
            .distinct()
            .sorted(Comparator.comparing(Form.Field::name).thenComparing(Form.Field::value))
            .map(field -> field.name() + field.value())
            .collect(Collectors.joining());
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.getBytes(UTF_8), ALGORITHM));
      return Base64.getEncoder().encodeToString(mac.doFinal((address + fields).getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA1", impossible);
    }
  }

  private static String withoutSlash(URI address) {
    String text = address.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Never prints a token. */
  @Override
  public String toString() {
    return "TwilioSignature[" + tokens.size() + " tokens]";
  }
}
