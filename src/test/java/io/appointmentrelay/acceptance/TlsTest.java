package io.appointmentrelay.acceptance;

import static io.appointmentrelay.acceptance.RunningRelay.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.intake.Notifications;
import io.appointmentrelay.settings.InvalidSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for senders with TLS, asked by the JDK's own client. */
class TlsTest {

  private static final byte[] CREATED = Notifications.bytes("canvas/created");

  private static Certificates first;

  @TempDir private Path directory;

  @BeforeAll
  static void make(@TempDir Path shared) {
    first = Certificates.make(shared, "first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aSenderIsHeardOverTls(String protocol) throws Exception {
    try (RunningRelay relay = fromPem().start()) {
      assertThat(post(relay, first.trusting(null), protocol).status()).startsWith("HTTP/1.1 200");
      relay.assertAccountedFor();
    }
  }

  @Test
  void aPkcs12FileDoesAsWell() throws Exception {
    RunningRelay.Setup setup =
        RunningRelay.with("relay.http.tls.keystore", first.keystore().toString())
            .set("relay.http.tls.keystore-password", Certificates.PASSWORD);
    try (RunningRelay relay = setup.start()) {
      assertThat(post(relay, first.trusting(null), "TLSv1.3").status()).contains(" 200 ");
    }
  }

  @Test
  void olderProtocolsAndClearTextAreNotSpoken() throws Exception {
    try (RunningRelay relay = fromPem().start()) {
      assertThatThrownBy(() -> post(relay, first.trusting(null), "TLSv1.1"))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> relay.post("canvas", CREATED)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void aChangedFileIsTakenUpAndABrokenOneIsNot() throws Exception {
    try (RunningRelay relay = fromPem().start()) {
      assertThat(shown(relay, first)).isEqualTo(first.certificate());

      Files.writeString(directory.resolve("key.pem"), "half of a k");
      awaitHealth(relay, "DEGRADED", "The old ones stay in force");
      assertThat(shown(relay, first)).isEqualTo(first.certificate());

      Certificates second = Certificates.make(directory, "second");
      second.certificateAt(directory.resolve("chain.pem"));
      second.keyAt(directory.resolve("key.pem"));
      awaitHealth(relay, "UP", "holds until");
      // Who connects at the very moment of the change may have to connect again, as senders do.
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(shown(relay, second)).isEqualTo(second.certificate()));
    }
  }

  @Test
  void onlySendersWithACertificateOfTheirsAreHeardIfItIsAskedFor() throws Exception {
    Certificates sender = Certificates.make(directory, "sender");
    Path authority = sender.certificateAt(directory.resolve("senders.pem"));
    RunningRelay.Setup setup = fromPem().set("relay.http.tls.client-ca", authority.toString());
    try (RunningRelay relay = setup.start()) {
      SSLContext stranger = first.trusting(Certificates.make(directory, "stranger"));
      assertThat(post(relay, first.trusting(sender), "TLSv1.3").status()).contains(" 200 ");
      for (SSLContext other : new SSLContext[] {first.trusting(null), stranger}) {
        assertThatThrownBy(() -> post(relay, other, "TLSv1.3"))
            .isInstanceOfAny(SSLException.class, SocketException.class);
      }

      Certificates renewed = Certificates.make(directory, "renewed");
      renewed.certificateAt(directory.resolve("chain.pem"));
      renewed.keyAt(directory.resolve("key.pem"));
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> post(relay, renewed.trusting(sender), "TLSv1.3").status().contains(" 200 "));
      assertThatThrownBy(() -> post(relay, renewed.trusting(null), "TLSv1.3"))
          .isInstanceOfAny(SSLException.class, SocketException.class);
    }
  }

  @Test
  void aKeyOfAnotherCertificateStopsTheStart() {
    RunningRelay.Setup setup = fromPem();
    Certificates.make(directory, "other").keyAt(directory.resolve("key.pem"));
    assertThatThrownBy(setup::start)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("the key is not the certificate's");
  }

  private RunningRelay.Setup fromPem() {
    return RunningRelay.with(
            "relay.http.tls.certificate",
            first.certificateAt(directory.resolve("chain.pem")).toString())
        .set("relay.http.tls.key", first.keyAt(directory.resolve("key.pem")).toString());
  }

  private static void awaitHealth(RunningRelay relay, String status, String detail) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(relay.api("/observe/health").path("checks"))
                    .anySatisfy(
                        check -> {
                          assertThat(check.path("name").asText()).isEqualTo("tls");
                          assertThat(check.path("status").asText()).isEqualTo(status);
                          assertThat(check.path("detail").asText()).contains(detail);
                        }));
  }

  private static X509Certificate shown(RunningRelay relay, Certificates trusted)
      throws IOException {
    return post(relay, trusted.trusting(null), "TLSv1.3").shown();
  }

  private record Answer(String status, X509Certificate shown) {}

  private static Answer post(RunningRelay relay, SSLContext client, String protocol)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket) client.getSocketFactory().createSocket("localhost", relay.httpPort())) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /webhooks/canvas HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "Authorization: Bearer "
              + TOKEN
              + "\r\nContent-Length: "
              + CREATED.length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(CREATED);
      out.flush();
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      if (answer.isEmpty()) {
        throw new SocketException("closed without an answer");
      }
      return new Answer(
          answer.lines().findFirst().orElse(""),
          (X509Certificate) socket.getSession().getPeerCertificates()[0]);
    }
  }
}
