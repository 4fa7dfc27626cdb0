package io.appointmentrelay.door;

import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 from files that may change while it runs. New files are tried before they are
 * shown; ones that cannot be used leave the old ones in force, which the log and the health say.
 */
final class ServerTls {

  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final long LOOK_EVERY_MILLIS = 2_000;
  private static final Duration ENDS_SOON = Duration.ofDays(14);
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
  private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  /** The bytes of the files; absent: not asked for. */
  private record Content(
      @Nullable Buffer certificate,
      @Nullable Buffer key,
      @Nullable Buffer keystore,
      @Nullable Buffer clientCa) {}

  /** Content that was tried. */
  private record InForce(
      Content content, KeyCertOptions key, @Nullable PemTrustOptions trust, Instant until) {}

  private final Vertx vertx;
  private final Settings.Tls files;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private volatile InForce inForce;
  private volatile @Nullable String problem;
  private @Nullable Content refused;

  private ServerTls(Vertx vertx, Settings.Tls files, InForce inForce) {
    this.vertx = vertx;
    this.files = files;
    this.inForce = inForce;
    vertx.setPeriodic(LOOK_EVERY_MILLIS, timer -> vertx.executeBlocking(this::look));
  }

  /**
   * Reads the files.
   *
   * @throws InvalidSettings if they cannot be used
   */
  static ServerTls load(Vertx vertx, Settings.Tls files) {
    try {
      return new ServerTls(vertx, files, tried(vertx, files, read(files)));
    } catch (Exception unusable) {
      throw new InvalidSettings(List.of(expected(unusable) + " Correct relay.http.tls.*."));
    }
  }

  void applyTo(HttpServerOptions options) {
    InForce now = inForce;
    options.setSsl(true).setKeyCertOptions(now.key()).setEnabledSecureTransportProtocols(PROTOCOLS);
    if (now.trust() != null) {
      options.setTrustOptions(now.trust()).setClientAuth(ClientAuth.REQUIRED);
    }
  }

  void keepUpToDate(HttpServer server) {
    servers.add(server);
  }

  Door.Certificate state() {
    String trouble = problem;
    Instant until = inForce.until();
    boolean endsSoon = until.isBefore(Instant.now().plus(ENDS_SOON));
    String holds = "the certificate in force holds until " + until;
    return trouble == null
        ? new Door.Certificate(!endsSoon, holds)
        : new Door.Certificate(false, trouble + " " + holds);
  }

  /** One at a time; a file that is half written is looked at again when it has changed. */
  private synchronized @Nullable Void look() {
    Content content = null;
    try {
      content = read(files);
      if (content.equals(inForce.content())) {
        settled();
      } else if (!content.equals(refused)) {
        take(tried(vertx, files, content));
      }
    } catch (Exception unusable) {
      refused = content;
      String sentence = expected(unusable) + " The old ones stay in force; put usable ones there.";
      if (!sentence.equals(problem)) {
        problem = sentence;
        LOG.warn("{}", sentence);
      }
    }
    return null;
  }

  private void take(InForce next) {
    inForce = next;
    SSLOptions options =
        new SSLOptions()
            .setKeyCertOptions(next.key())
            .setEnabledSecureTransportProtocols(PROTOCOLS);
    if (next.trust() != null) {
      options.setTrustOptions(next.trust());
    }
    for (HttpServer server : servers) {
      server
          .updateSSLOptions(options, true)
          .onFailure(
              failure -> LOG.error("A listener kept its old certificate: {}", kind(failure)));
    }
    settled();
    LOG.info("New TLS files are in force; the certificate holds until {}", next.until());
  }

  private void settled() {
    problem = null;
    refused = null;
  }

  private static Content read(Settings.Tls files) throws IOException {
    return new Content(
        bytes(files.certificate()),
        bytes(files.key()),
        bytes(files.keystore()),
        bytes(files.clientCa()));
  }

  private static @Nullable Buffer bytes(@Nullable Path file) throws IOException {
    return file == null ? null : Buffer.buffer(Files.readAllBytes(file));
  }

  private static InForce tried(Vertx vertx, Settings.Tls files, Content content) throws Exception {
    KeyCertOptions key =
        content.keystore() == null
            ? new PemKeyCertOptions().setCertValue(content.certificate()).setKeyValue(content.key())
            : new PfxOptions()
                .setValue(content.keystore())
                .setPassword(files.keystorePassword() == null ? "" : files.keystorePassword());
    PemTrustOptions trust =
        content.clientCa() == null ? null : new PemTrustOptions().addCertValue(content.clientCa());
    if (trust != null) {
      trust.getTrustManagerFactory(vertx).getTrustManagers();
    }
    X509KeyManager manager = (X509KeyManager) key.getKeyManagerFactory(vertx).getKeyManagers()[0];
    return new InForce(content, key, trust, endOfPair(manager));
  }

  /** When the certificate ends, having seen that the key is its own. */
  private static Instant endOfPair(X509KeyManager manager) throws GeneralSecurityException {
    for (String type : KEY_TYPES) {
      String[] aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        X509Certificate certificate = manager.getCertificateChain(aliases[0])[0];
        PrivateKey key = manager.getPrivateKey(aliases[0]);
        if (!belongTogether(certificate, key)) {
          throw new GeneralSecurityException("the key is not the certificate's");
        }
        return certificate.getNotAfter().toInstant();
      }
    }
    throw new GeneralSecurityException("no certificate with its key is there");
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> null;
        };
    if (algorithm == null) {
      return key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm());
    }
    byte[] something = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(something);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certificate.getPublicKey());
    verifying.update(something);
    return verifying.verify(signing.sign());
  }

  /** What a library says of a broken key file is left out: it may quote it. */
  private static String expected(Exception unusable) {
    return "relay.http.tls: expected readable files with a certificate, its own key and, if asked for,"
        + " the authorities of senders; found ones that cannot be used ("
        + kind(unusable)
        + ").";
  }

  private static String kind(Throwable failure) {
    boolean ours = failure.getClass() == GeneralSecurityException.class;
    return ours ? String.valueOf(failure.getMessage()) : failure.getClass().getSimpleName();
  }
}
