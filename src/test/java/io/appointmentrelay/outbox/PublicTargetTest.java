package io.appointmentrelay.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which machines a webhook reaches, seen at a real client and a real server. */
class PublicTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
      })
  void noAddressOfThisNetworkIsPublic(String address) throws IOException {
    assertThat(PublicTarget.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888"})
  void addressesOfTheInternetAre(String address) throws IOException {
    assertThat(PublicTarget.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void aNameThatMeansThisMachineAfterAWhileIsNotConnectedTo() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    PublicTarget guard =
        new PublicTarget(
            URI.create("https://hooks.example.org/in"),
            false,
            host ->
                new InetAddress[] {
                  InetAddress.getByName(asked.getAndIncrement() == 0 ? "8.8.8.8" : "127.0.0.1")
                });
    HttpHost target = new HttpHost("https", "hooks.example.org");

    assertThat(guard.determineRoute(target, HttpCoreContext.create()).getTargetHost().getAddress())
        .isEqualTo(InetAddress.getByName("8.8.8.8"));
    assertThatThrownBy(() -> guard.determineRoute(target, HttpCoreContext.create()))
        .hasMessageContaining("relay.channel.webhook.allow-private");
  }

  @Test
  void oneOfSeveralAddressesThatIsPrivateIsEnoughToRefuse() {
    PublicTarget guard =
        new PublicTarget(
            URI.create("https://hooks.example.org/in"),
            false,
            host ->
                new InetAddress[] {
                  InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")
                });

    assertThatThrownBy(
            () ->
                guard.determineRoute(
                    new HttpHost("https", "hooks.example.org"), HttpCoreContext.create()))
        .hasMessageContaining("private address");
  }

  @Test
  void thisMachineIsReachedOnlyIfItIsAllowed() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          heard.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    URI target = URI.create("http://localhost:" + server.getAddress().getPort() + "/in");
    try {
      assertThatThrownBy(() -> get(new PublicTarget(target, false), target))
          .isInstanceOf(IOException.class);
      assertThat(heard).hasValue(0);

      assertThat(get(new PublicTarget(target, true), target)).isEqualTo(204);
      assertThat(get(new PublicTarget(URI.create("https://other.example.org"), false), target))
          .isEqualTo(204);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theAddressThatWasLookedAtIsTheOneThatIsConnectedTo() throws Exception {
    // A name nobody else can resolve: only the address in the route can lead to the server.
    PublicTarget guard =
        new PublicTarget(
            URI.create("http://hooks.invalid:9/in"),
            false,
            host -> new InetAddress[] {InetAddress.getByName("192.0.2.1")});

    assertThat(
            guard
                .determineRoute(new HttpHost("http", "hooks.invalid", 9), HttpCoreContext.create())
                .getTargetHost())
        .satisfies(
            host -> {
              assertThat(host.getAddress()).isEqualTo(InetAddress.getByName("192.0.2.1"));
              assertThat(host.getHostName()).isEqualTo("hooks.invalid");
              assertThat(host.getPort()).isEqualTo(9);
            });
  }

  private static int get(PublicTarget guard, URI target) throws IOException {
    try (CloseableHttpClient client = HttpClients.custom().setRoutePlanner(guard).build()) {
      return client.execute(new HttpGet(target), response -> response.getCode());
    }
  }
}
