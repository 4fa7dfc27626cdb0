package io.appointmentrelay.outbox;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the webhook's target is a public address, and that the address that was looked at
 * is the one that is connected to: a name that means another machine a moment later gains nothing.
 * Other hosts are none of its business.
 */
public final class PublicTarget implements HttpRoutePlanner {

  /** Names to addresses. */
  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  /** The target is a machine of this network. */
  static final class Refused extends HttpException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super(REFUSED);
    }
  }

  private static final String REFUSED =
      "relay.channel.webhook.url points to a private address; set relay.channel.webhook.allow-private=true"
          + " if that is meant";

  private final HttpRoutePlanner usual =
      new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE);
  private final @Nullable String guarded;
  private final Lookup lookup;

  /**
   * @param target the webhook's; absent: none is guarded
   * @param allowPrivate whether any address will do
   */
  public PublicTarget(@Nullable URI target, boolean allowPrivate) {
    this(target, allowPrivate, InetAddress::getAllByName);
  }

  PublicTarget(@Nullable URI target, boolean allowPrivate, Lookup lookup) {
    this.guarded = target == null || allowPrivate ? null : target.getHost();
    this.lookup = lookup;
  }

  @Override
  public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
    if (guarded == null || !guarded.equalsIgnoreCase(target.getHostName())) {
      return usual.determineRoute(target, context);
    }
    HttpHost looked =
        new HttpHost(
            target.getSchemeName(),
            address(target.getHostName()),
            target.getHostName(),
            DefaultSchemePortResolver.INSTANCE.resolve(target));
    return new HttpRoute(looked, null, "https".equalsIgnoreCase(target.getSchemeName()));
  }

  private InetAddress address(String host) throws HttpException {
    try {
      InetAddress[] addresses = lookup.of(host);
      for (InetAddress address : addresses) {
        if (!isPublic(address)) {
          throw new Refused();
        }
      }
      return addresses[0];
    } catch (UnknownHostException e) {
      throw new HttpException("The host of relay.channel.webhook.url has no address now");
    }
  }

  /** Also not an address inside a provider (RFC 6598), of this network, or in IPv6's clothes. */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean reserved =
        bytes.length == 4 ? isReserved(bytes, 0) : isUniqueLocal(bytes) || wrapsReserved(bytes);
    return !reserved
        && !address.isLoopbackAddress()
        && !address.isSiteLocalAddress()
        && !address.isLinkLocalAddress()
        && !address.isAnyLocalAddress()
        && !address.isMulticastAddress();
  }

  private static boolean isReserved(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return first == 0
        || first == 10
        || first == 127
        || first >= 224
        || (first == 100 && second >= 64 && second < 128)
        || (first == 169 && second == 254)
        || (first == 172 && second >= 16 && second < 32)
        || (first == 192 && second == 168);
  }

  /** RFC 4193, fc00::/7, which Java does not count as site-local. */
  private static boolean isUniqueLocal(byte[] bytes) {
    return (bytes[0] & 0xfe) == 0xfc;
  }

  /** NAT64 (RFC 6052, 64:ff9b::/96) and 6to4 (RFC 3056, 2002::/16) carry an address of IPv4. */
  private static boolean wrapsReserved(byte[] bytes) {
    boolean nat64 =
        bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
    boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
    return (nat64 && isReserved(bytes, 12)) || (sixToFour && isReserved(bytes, 2));
  }
}
