package io.appointmentrelay.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All settings, checked.
 *
 * @param placeholders every {@code relay.*} name with its value in force, for <code>{{…}}</code> in
 *     route files
 */
public record Settings(
    boolean sandbox,
    boolean reloadRoutes,
    Path dataDirectory,
    String storeUrl,
    StoreLogin storeLogin,
    List<StoreKey> storeKeys,
    Http http,
    Http console,
    Access access,
    Map<String, Source> sources,
    Clinic clinic,
    Enrichment enrichment,
    Email email,
    Sms sms,
    Webhook webhook,
    Messaging messaging,
    Replies replies,
    Staff staff,
    RetryPolicy inboxRetry,
    RetryPolicy outboxRetry,
    Duration giveUp,
    Retention retention,
    Map<String, String> placeholders) {

  /** Who asks for the store; the embedded one asks nobody. */
  public record StoreLogin(@Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
      return "StoreLogin[" + user + "]";
    }
  }

  /**
   * A key that the store is sealed with.
   *
   * @param key 32 bytes
   */
  public record StoreKey(String id, byte[] key) {
    public StoreKey {
      key = key.clone();
    }

    @Override
    public byte[] key() {
      return key.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof StoreKey same && id.equals(same.id) && Arrays.equals(key, same.key);
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }

    /** Never prints the key. */
    @Override
    public String toString() {
      return "StoreKey[" + id + "]";
    }
  }

  /**
   * How long what is over is kept; absent: for ever.
   *
   * @param bodies what senders sent, from its arrival
   * @param deliveries whom messages went to and what they were judged by, from their time
   * @param timeline what is known of visits and patients, from the visit
   */
  public record Retention(
      @Nullable Period bodies, @Nullable Period deliveries, @Nullable Period timeline) {}

  /**
   * Where a port listens.
   *
   * @param maxBody in bytes
   * @param tls absent: it speaks in clear
   */
  public record Http(String host, int port, int maxBody, @Nullable Tls tls) {

    /** A port that speaks in clear. */
    public Http(String host, int port, int maxBody) {
      this(host, port, maxBody, null);
    }
  }

  /**
   * The files a port shows who it is with: a certificate chain and its key in PEM, or both in one
   * PKCS12 file.
   *
   * @param clientCa who must have signed the certificates of senders, in PEM; absent: they show
   *     none
   */
  public record Tls(
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable Path keystore,
      @Nullable String keystorePassword,
      @Nullable Path clientCa) {

    /** Never prints the password. */
    @Override
    public String toString() {
      return "Tls[" + (keystore == null ? certificate : keystore) + "]";
    }
  }

  /**
   * Who may use the console.
   *
   * @param users name to hashed password; none: whoever is on this machine
   * @param login {@code name:password} that the jar's commands show; absent: none
   */
  public record Access(Map<String, String> users, @Nullable String login) {
    public Access {
      users = Map.copyOf(users);
    }

    /** Never prints a name, a hash or a password. */
    @Override
    public String toString() {
      return "Access[" + users.size() + " users]";
    }
  }

  /** At most so many notifications in such a time. */
  public record Rate(int messages, Duration window) {}

  /**
   * One configured sender.
   *
   * @param rate what is taken of it at most; absent: all that the store can write
   * @param writeback which answers are written into its EHR: {@code confirm}, {@code cancel}
   * @param watch how it is asked and listened to beside what it sends
   * @param query where its EHR is asked by Redox's Data Model; absent: it is not
   */
  public record Source(
      String name,
      String kind,
      List<String> tokens,
      ZoneId zone,
      String region,
      String group,
      @Nullable Fhir fhir,
      @Nullable Rate rate,
      Set<String> writeback,
      Watch watch,
      @Nullable Query query) {

    public Source {
      tokens = List.copyOf(tokens);
      writeback = Set.copyOf(writeback);
    }

    /** A source that may send as much as the store can write, and whose EHR nothing is written. */
    public Source(
        String name,
        String kind,
        List<String> tokens,
        ZoneId zone,
        String region,
        String group,
        @Nullable Fhir fhir) {
      this(name, kind, tokens, zone, region, group, fhir, null, Set.of(), Watch.USUAL, null);
    }

    /** The same source, its servers' port being {@code port} where it was left open (0). */
    public Source at(int port) {
      return new Source(
          name,
          kind,
          tokens,
          zone,
          region,
          group,
          fhir == null ? null : fhir.at(port),
          rate,
          writeback,
          watch,
          query == null ? null : query.at(port));
    }

    @Override
    public String toString() {
      return "Source[" + name + ", " + kind + "]";
    }
  }

  /**
   * How a source is asked for its appointments, and when its silence is news.
   *
   * @param every how often one is polled that tells nothing itself
   * @param days how many days ahead visits are compared
   * @param reconcileAt when, in the source's zone, all visits are compared each night; absent:
   *     never
   * @param silence {@code auto}, {@code none}, or how long it may say nothing, in ISO 8601
   */
  public record Watch(Duration every, int days, @Nullable LocalTime reconcileAt, String silence) {

    /** What holds if nothing is said. */
    public static final Watch USUAL = new Watch(Duration.ofMinutes(5), 14, null, "auto");
  }

  /**
   * Where and how a source's FHIR server is asked.
   *
   * @param tokenUrl where an access token is had; absent: {@code bearer}, or no authorisation
   * @param privateKey PEM or JWK; absent: {@code clientSecret} is shown
   * @param connections no more requests than this are under way at once
   * @param dialect how it wants to be asked: {@code redox}, {@code canvas} or {@code plain};
   *     absent: as the kind of its source says
   */
  public record Fhir(
      URI baseUrl,
      @Nullable URI tokenUrl,
      @Nullable String clientId,
      @Nullable String privateKey,
      @Nullable String keyId,
      @Nullable String clientSecret,
      @Nullable String scope,
      @Nullable String bearer,
      int connections,
      @Nullable String dialect) {

    /** A server that is asked as the kind of its source says. */
    public Fhir(
        URI baseUrl,
        @Nullable URI tokenUrl,
        @Nullable String clientId,
        @Nullable String privateKey,
        @Nullable String keyId,
        @Nullable String clientSecret,
        @Nullable String scope,
        @Nullable String bearer,
        int connections) {
      this(
          baseUrl,
          tokenUrl,
          clientId,
          privateKey,
          keyId,
          clientSecret,
          scope,
          bearer,
          connections,
          null);
    }

    Fhir at(int port) {
      return new Fhir(
          portIn(baseUrl, port),
          tokenUrl,
          clientId,
          privateKey,
          keyId,
          clientSecret,
          scope,
          bearer,
          connections,
          dialect);
    }

    /** Never prints a key, a secret or a token. */
    @Override
    public String toString() {
      return "Fhir[" + baseUrl.getHost() + "]";
    }
  }

  /**
   * Where and how a source's EHR is asked by Redox's Data Model.
   *
   * @param destination whom Redox hands a message on to; absent: as its own settings say
   * @param apiKey of the older log-in, with its secret; absent: as the source's FHIR server is
   *     asked
   */
  public record Query(
      URI baseUrl, @Nullable String destination, @Nullable String apiKey, @Nullable String secret) {

    Query at(int port) {
      return new Query(portIn(baseUrl, port), destination, apiKey, secret);
    }

    /** Never prints a key or a secret. */
    @Override
    public String toString() {
      return "Query[" + baseUrl.getHost() + "]";
    }
  }

  /** The address with this port where it was left open (0). */
  private static URI portIn(URI address, int port) {
    return URI.create(address.toString().replaceFirst(":0(?=/|$)", ":" + port));
  }

  /**
   * How what a notification leaves out is looked up.
   *
   * @param skipWhenComplete nothing is asked that a notification says itself
   * @param catchUp how long after its arrival a notification may know more than the FHIR server:
   *     until then an answer that contradicts it is asked for again
   * @param maxAge a message to a person relies on nothing older: the EHR is asked again first
   */
  public record Enrichment(boolean skipWhenComplete, Duration catchUp, Duration maxAge) {}

  /**
   * The clinic that messages speak for.
   *
   * @param questionnaireUrl where questions are answered before a visit; absent: no text links to
   *     it
   */
  public record Clinic(
      String name,
      @Nullable String phone,
      ZoneId zone,
      String region,
      @Nullable URI questionnaireUrl) {}

  /**
   * SMTP.
   *
   * @param ownMailbox no server was named: the sandbox's mailbox takes its place
   * @param phi how much of a person it may carry: {@code none}, {@code visit} or {@code full}
   */
  public record Email(@Nullable String host, String from, boolean ownMailbox, String phi) {

    /** The bare address of {@code Name <address>}. */
    public String address() {
      int begin = from.lastIndexOf('<') + 1;
      int end = from.lastIndexOf('>');
      return (end > begin ? from.substring(begin, end) : from).strip();
    }
  }

  /**
   * The SMS gateway; absent: no SMS is planned.
   *
   * @param phi how much of a person it may carry: {@code none}, {@code visit} or {@code full}
   */
  public record Sms(@Nullable URI baseUrl, String phi) {}

  /** The clinic's own system; absent: no webhook is planned. */
  public record Webhook(@Nullable URI url, @Nullable String secret, boolean allowPrivate) {
    @Override
    public String toString() {
      return "Webhook[" + (url == null ? "none" : url.getHost()) + "]";
    }
  }

  /**
   * How people are written to.
   *
   * @param quietHours {@code HH:mm-HH:mm} or {@code none}
   * @param sendTestTraffic whether notifications marked as tests reach people
   * @param rebookWindow how long cancellations wait for a booking that makes them a move
   */
  public record Messaging(
      String quietHours,
      Duration tooLate,
      Duration settle,
      boolean sendTestTraffic,
      Duration rebookWindow,
      Restraint restraint) {}

  /**
   * Who is not written to, and how often at most.
   *
   * @param requireConsent only contact points that say yes; otherwise those that do not say no
   * @param allow the only recipients that are written to; none: everybody
   * @param contactPersons those who act for a minor or a dependant are written to first
   * @param limit {@code messages/PnD}, several by commas, or {@code none}
   * @param brake {@code messages/window} such as {@code 200/PT10M}, or {@code none}
   */
  public record Restraint(
      boolean requireConsent,
      List<String> allow,
      boolean contactPersons,
      String limit,
      String brake) {
    public Restraint {
      allow = List.copyOf(allow);
    }

    /** Never prints an address or a number. */
    @Override
    public String toString() {
      return "Restraint[" + allow.size() + " allowed]";
    }
  }

  /**
   * What patients reply.
   *
   * @param on whether they are asked for replies, and heard
   * @param publicUrl by which the relay is reached from outside; absent: it is the sandbox, and
   *     reached where it listens
   * @param keys what links are signed with, the first, and all that are accepted; none: a key of
   *     the store's own
   * @param smsTokens what text messages that come in are signed with
   * @param answersCarrierWords whether STOP, START and HELP are answered here; otherwise the
   *     carrier does
   */
  public record Replies(
      boolean on,
      @Nullable URI publicUrl,
      List<String> keys,
      List<String> smsTokens,
      boolean answersCarrierWords) {
    public Replies {
      keys = List.copyOf(keys);
      smsTokens = List.copyOf(smsTokens);
    }

    /** Never prints a key or a token. */
    @Override
    public String toString() {
      return "Replies[" + (on ? "on" : "off") + "]";
    }
  }

  /**
   * Where those who work at the clinic are written to, and in which language.
   *
   * @param desks one per location, and perhaps one without: for all others
   */
  public record Staff(String language, List<Desk> desks) {
    public Staff {
      desks = List.copyOf(desks);
    }

    /** Whether anybody is written to on a channel. */
    public boolean isOn(String channel) {
      return desks.stream()
          .anyMatch(desk -> (channel.equals("email") ? desk.email() : desk.phone()) != null);
    }
  }

  /**
   * One address of each kind; at least one of them is there.
   *
   * @param location which visits it is for; absent: those of no other
   */
  public record Desk(@Nullable String location, @Nullable String email, @Nullable String phone) {

    /** Never prints an address or a number. */
    @Override
    public String toString() {
      return "Desk[" + location + "]";
    }
  }

  /**
   * Whether what was in flight on a channel when the process ended, and of which nobody can say
   * whether it arrived, waits for an operator.
   */
  public boolean holdsUncertain(String channel) {
    return "hold".equals(placeholders.get("relay.channel." + channel + ".on-uncertain"));
  }

  /** Never prints a value: some are secrets. */
  @Override
  public String toString() {
    return "Settings[" + sources.size() + " sources, sandbox=" + sandbox + "]";
  }
}
