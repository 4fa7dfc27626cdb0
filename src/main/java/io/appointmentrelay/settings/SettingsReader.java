package io.appointmentrelay.settings;

import io.appointmentrelay.settings.Settings.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings in force: defaults, then {@code application.properties}, then the environment,
 * then {@code -D}. Reports every problem at once, and none of the values that may be secret.
 */
public final class SettingsReader {

  /** The token that the sandbox accepts and that never guards a real address. */
  public static final String SANDBOX_TOKEN = "sandbox-token";

  private static final String SMS_TOKEN = "relay.channel.sms.token";

  /** What may follow {@code inbox:} without being anybody's source. */
  private static final List<String> OWN_WORDS =
      List.of("parked", "noted", "answered", "sms", "link");

  private static final int KEY_AT_LEAST = 32;

  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");
  private static final List<String> OUTSIDE_ADDRESSES =
      List.of(
          "relay.channel.email.host", "relay.channel.sms.base-url", "relay.channel.webhook.url");

  private static final Pattern STORE =
      Pattern.compile("jdbc:sqlite:.*|jdbc:postgresql://(?!.*[?&]password=).+");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KB|MB)?");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s,;]+@[^@\\s,;]+");
  private static final Pattern NUMBER = Pattern.compile("\\+[1-9]\\d{6,14}");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*");
  private static final Pattern RECIPIENT = Pattern.compile("[^@\\s]+@[^@\\s]+|\\+[1-9]\\d{6,14}");
  private static final String EACH_LIMIT = "[1-9]\\d{0,3}/P[1-9]\\d{0,2}D";
  private static final Pattern LIMIT =
      Pattern.compile("none|" + EACH_LIMIT + "(, *" + EACH_LIMIT + ")*");
  private static final Pattern BRAKE = Pattern.compile("none|[1-9]\\d{0,5}/PT[1-9]\\d{0,3}[SMH]");
  private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,5})/(PT[1-9]\\d{0,3}[SMH])");
  private static final Pattern USER =
      Pattern.compile(
          "([A-Za-z0-9._-]{1,64}):(pbkdf2-sha256\\$[0-9]{4,8}(\\$[A-Za-z0-9_-]{16,88}){2})");
  private static final String AS_KEY_NEW_PRINTS =
      "keys as 'key new' prints them, each with an id of its own, separated by commas";
  private static final Pattern PERIOD = Pattern.compile("P[1-9]\\d{0,4}[DMY]");
  private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9._-]{1,64}:.+");
  private static final Pattern QUIET =
      Pattern.compile("none|([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d");

  private final Set<String> problems = new LinkedHashSet<>();
  private final Map<String, String> values = new LinkedHashMap<>(Names.DEFAULTS);
  private final Set<String> sourceNames;
  private final Set<String> deskNames;
  private final Set<String> given;
  private final Set<String> kinds;

  private SettingsReader(
      Path file, Map<String, String> environment, Properties system, Set<String> kinds) {
    RawSettings raw = new RawSettings(file, environment, system, problems);
    this.kinds = kinds;
    this.given = raw.values().keySet();
    this.sourceNames = raw.sources();
    this.deskNames = raw.desks();
    values.putAll(raw.values());
  }

  /**
   * Reads and checks.
   *
   * @param kinds the kinds of source that can be read
   * @throws InvalidSettings listing every problem
   */
  public static Settings read(
      Path file, Map<String, String> environment, Properties system, Set<String> kinds) {
    SettingsReader reader = new SettingsReader(file, environment, system, kinds);
    Settings settings = reader.settings();
    if (!reader.problems.isEmpty()) {
      throw new InvalidSettings(List.copyOf(reader.problems));
    }
    return settings;
  }

  private Settings settings() {
    boolean sandbox = bool("relay.sandbox");
    resolveSecretFiles();
    if (sandbox) {
      Names.IN_SANDBOX.forEach(this::whenNotGiven);
      int console = port("relay.console.port");
      whenNotGiven("relay.channel.sms.base-url", "http://127.0.0.1:" + console + "/sandbox/sms");
      whenNotGiven("relay.channel.webhook.url", "http://127.0.0.1:" + console + "/sandbox/webhook");
      if (OUTSIDE_ADDRESSES.stream().noneMatch(this::leavesTheMachine)) {
        Names.WHERE_NOBODY_IS_REACHED.forEach(this::whenNotGiven);
      }
    }
    whenEmpty(
        "relay.channel.email.port", "tls".equals(text("relay.channel.email.tls")) ? "465" : "587");
    check(
        "relay.log.level",
        Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(text("relay.log.level")),
        "ERROR, WARN, INFO, DEBUG or TRACE");
    check(
        "relay.log.format",
        Set.of("text", "json").contains(text("relay.log.format")),
        "text or json");
    Path data = Path.of(text("relay.data-dir"));
    whenEmpty("relay.store.url", "jdbc:sqlite:" + data.resolve("relay.db"));
    check(
        "relay.store.url",
        STORE.matcher(text("relay.store.url")).matches(),
        "an address beginning with jdbc:sqlite: or jdbc:postgresql://, and the password in relay.store.password");
    Settings.Clinic clinic = clinic();
    Map<String, Source> sources = sources(sandbox, clinic);
    Settings.Email email = email(sandbox);
    Settings.Sms sms = sms();
    Settings.Webhook webhook = webhook();
    for (String channel : List.of("email", "sms", "webhook", "ehr")) {
      String name = "relay.channel." + channel + ".on-uncertain";
      check(name, Set.of("resend", "hold").contains(text(name)), "resend or hold");
    }
    refuseSandboxTokenBesideRealAddresses(sources);
    return new Settings(
        sandbox,
        bool("relay.routes.reload"),
        data,
        text("relay.store.url"),
        new Settings.StoreLogin(optional("relay.store.user"), optional("relay.store.password")),
        storeKeys(),
        new Settings.Http(
            text("relay.http.host"), port("relay.http.port"), size("relay.http.max-body"), tls()),
        new Settings.Http(consoleHost(), port("relay.console.port"), 1 << 20),
        access(),
        sources,
        clinic,
        new Settings.Enrichment(
            bool("relay.enrichment.skip-when-complete"),
            duration("relay.enrichment.catch-up"),
            duration("relay.enrichment.max-age")),
        email,
        sms,
        webhook,
        messaging(),
        replies(sandbox),
        staff(),
        parsed(
            "relay.retry.inbox",
            RetryPolicy::of,
            new RetryPolicy(8, Duration.ofSeconds(1), Duration.ofMinutes(10))),
        parsed(
            "relay.retry.outbox",
            RetryPolicy::of,
            new RetryPolicy(10, Duration.ofSeconds(2), Duration.ofHours(1))),
        duration("relay.retry.give-up"),
        new Settings.Retention(retention("bodies"), retention("deliveries"), retention("timeline")),
        placeholders());
  }

  /** What is unset stays out, so that <code>{{?name}}</code> leaves its parameter out too. */
  private Map<String, String> placeholders() {
    Map<String, String> placeholders = new LinkedHashMap<>(values);
    String tls = text("relay.channel.email.tls");
    placeholders.put("relay.channel.email.scheme", tls.equals("tls") ? "smtps" : "smtp");
    placeholders.put("relay.channel.email.starttls", Boolean.toString(tls.equals("starttls")));
    list(SMS_TOKEN).stream().findFirst().ifPresent(token -> placeholders.put(SMS_TOKEN, token));
    placeholders.values().removeIf(String::isEmpty);
    placeholders.remove("relay.store.password");
    placeholders.keySet().removeIf(SettingsReader::isAddressOfStaff);
    placeholders.keySet().removeAll(Names.SECRET);
    for (String source : sourceNames) {
      Names.SECRET_OF_SOURCE.forEach(
          secret -> placeholders.remove("relay.source." + source + "." + secret));
    }
    for (String name : Names.NEEDED_BY_ROUTES) {
      placeholders.putIfAbsent(name, name.endsWith("url") ? "http://unset.invalid" : "unset");
    }
    return Map.copyOf(placeholders);
  }

  private static boolean isAddressOfStaff(String name) {
    boolean address = name.endsWith(".email") || name.endsWith(".phone");
    return address && name.startsWith("relay.staff.");
  }

  private Map<String, Source> sources(boolean sandbox, Settings.Clinic clinic) {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (String name : sourceNames) {
      String prefix = "relay.source." + name + ".";
      check(
          prefix + "kind",
          !OWN_WORDS.contains(name),
          "a name other than " + OWN_WORDS + ", which are inbox:'s own words");
      String kind = values.computeIfAbsent(prefix + "kind", key -> name);
      check(prefix + "kind", kinds.contains(kind), "one of " + kinds);
      if (sandbox) {
        whenNotGiven(prefix + "token", SANDBOX_TOKEN);
      }
      List<String> tokens = list(prefix + "token");
      check(
          prefix + "token",
          !tokens.isEmpty() || kind.equals(Names.POLLED),
          "what the sender must show (or delete the source's settings and its route file)");
      boolean ownZone = !text(prefix + "zone").isEmpty();
      ZoneId zone = ownZone ? zone(prefix + "zone") : clinic.zone();
      whenEmpty(prefix + "zone", text("relay.clinic.zone"));
      whenEmpty(prefix + "region", text("relay.clinic.region"));
      whenEmpty(prefix + "group", name);
      Settings.Fhir fhir = fhir(name, sandbox);
      sources.put(
          name,
          new Source(
              name,
              kind,
              tokens,
              zone,
              text(prefix + "region"),
              text(prefix + "group"),
              fhir,
              rate(prefix + "rate"),
              writeback(prefix + "writeback", fhir != null),
              watch(prefix, kind, sandbox),
              query(name, kind, sandbox)));
    }
    check(
        "relay.source",
        !sourceNames.isEmpty(),
        "at least one source, such as relay.source.canvas.kind=canvas");
    return sources;
  }

  private Set<String> writeback(String name, boolean hasServer) {
    Set<String> answers = text(name).equals("none") ? Set.of() : Set.copyOf(list(name));
    check(
        name,
        Set.of("confirm", "cancel").containsAll(answers),
        "none, confirm, cancel or confirm,cancel");
    check(
        name,
        answers.isEmpty() || hasServer,
        "none, or the FHIR server that is written to as the source's fhir.base-url");
    return answers;
  }

  private Settings.Watch watch(String prefix, String kind, boolean sandbox) {
    boolean canAsk = !text(prefix + "fhir.base-url").isEmpty();
    check(
        prefix + "fhir.base-url",
        canAsk || !kind.equals(Names.POLLED),
        "the address of the FHIR server that is polled");
    // What the sandbox's own server is asked for is to be seen soon.
    boolean isSeen =
        sandbox && kind.equals(Names.POLLED) && !given.contains(prefix + "fhir.base-url");
    whenEmpty(prefix + "poll.every", isSeen ? "PT5S" : "PT5M");
    whenEmpty(prefix + "poll.window", "P14D");
    whenEmpty(prefix + "reconcile.at", "none");
    whenEmpty(prefix + "silence", "auto");
    Duration every = duration(prefix + "poll.every");
    check(
        prefix + "poll.every",
        every.compareTo(Duration.ofSeconds(1)) >= 0 && every.compareTo(Duration.ofDays(1)) <= 0,
        "a duration from PT1S to P1D");
    Duration window = duration(prefix + "poll.window");
    check(
        prefix + "poll.window",
        window.toDays() >= 1 && window.toDays() <= 400,
        "days from P1D to P400D");
    LocalTime at =
        text(prefix + "reconcile.at").equals("none")
            ? null
            : parsed(prefix + "reconcile.at", LocalTime::parse, LocalTime.MIDNIGHT);
    check(
        prefix + "reconcile.at",
        at == null || canAsk,
        "none, or the FHIR server's address beside it: " + prefix + "fhir.base-url");
    String silence = text(prefix + "silence");
    if (!silence.equals("auto") && !silence.equals("none")) {
      check(
          prefix + "silence",
          duration(prefix + "silence").compareTo(Duration.ofMinutes(1)) >= 0,
          "auto, none, or a duration of a minute or more");
    }
    return new Settings.Watch(
        every, (int) Math.max(1, Math.min(400, window.toDays())), at, silence);
  }

  private Settings.@Nullable Fhir fhir(String source, boolean sandbox) {
    String prefix = "relay.source." + source + ".fhir.";
    if (sandbox && Names.SHIPPED_SOURCES.contains(source)) {
      whenNotGiven(
          prefix + "base-url",
          "http://127.0.0.1:" + port("relay.console.port") + "/sandbox/fhir/" + source);
    }
    if (text(prefix + "base-url").equals("none")) {
      values.put(prefix + "base-url", "");
    }
    URI baseUrl = url(prefix + "base-url");
    if (baseUrl == null) {
      for (String suffix : Names.OF_SOURCE) {
        boolean ofFhir = suffix.startsWith("fhir.") && !suffix.equals("fhir.base-url");
        check(
            prefix + "base-url",
            !ofFhir || text("relay.source." + source + "." + suffix).isEmpty(),
            "the FHIR server's address beside relay.source." + source + "." + suffix);
      }
      return null;
    }
    authorisationIsWhole(prefix);
    whenEmpty(prefix + "connections", "8");
    return new Settings.Fhir(
        baseUrl,
        url(prefix + "token-url"),
        optional(prefix + "client-id"),
        optional(prefix + "private-key"),
        optional(prefix + "key-id"),
        optional(prefix + "client-secret"),
        optional(prefix + "scope"),
        optional(prefix + "bearer"),
        connections(prefix + "connections"),
        dialect(prefix + "dialect"));
  }

  private Settings.@Nullable Query query(String source, String kind, boolean sandbox) {
    String prefix = "relay.source." + source + ".query.";
    boolean own = sandbox && source.equals(Names.ASKED) && kind.equals(Names.ASKED);
    if (own && text(prefix + "base-url").isEmpty()) {
      values.put(
          prefix + "base-url", "http://127.0.0.1:" + port("relay.console.port") + "/sandbox/redox");
      whenEmpty(prefix + "api-key", "sandbox-key");
      whenEmpty(prefix + "secret", "sandbox-secret");
    }
    if (text(prefix + "base-url").equals("none")) {
      values.put(prefix + "base-url", "");
    }
    URI baseUrl = url(prefix + "base-url");
    boolean isSaid =
        baseUrl != null
            || List.of("destination-id", "api-key", "secret").stream()
                .anyMatch(suffix -> !text(prefix + suffix).isEmpty());
    check(
        prefix + "base-url",
        !isSaid || baseUrl != null,
        "the address of Redox, because it is said how it is asked");
    check(
        prefix + "base-url",
        !isSaid || kind.equals(Names.ASKED),
        "nothing: only sources of kind redox-scheduling are asked by the Data Model");
    check(
        prefix + "secret",
        text(prefix + "api-key").isEmpty() == text(prefix + "secret").isEmpty(),
        "an api-key and its secret, or neither: then the authorisation is that of fhir.*");
    return baseUrl == null
        ? null
        : new Settings.Query(
            baseUrl,
            optional(prefix + "destination-id"),
            optional(prefix + "api-key"),
            optional(prefix + "secret"));
  }

  /** With a token URL: who asks, and one proof of it. */
  private void authorisationIsWhole(String prefix) {
    boolean asksForTokens = !text(prefix + "token-url").isEmpty();
    boolean hasKey = !text(prefix + "private-key").isEmpty();
    boolean hasSecret = !text(prefix + "client-secret").isEmpty();
    check(
        prefix + "client-id",
        !asksForTokens || !text(prefix + "client-id").isEmpty(),
        "the client's id, because a token-url is set");
    check(
        prefix + "private-key",
        !asksForTokens || hasKey != hasSecret,
        "either a private-key or a client-secret, because a token-url is set");
    check(
        prefix + "token-url",
        asksForTokens || (!hasKey && !hasSecret),
        "where tokens are asked for, because a private-key or client-secret is set");
    check(
        prefix + "bearer",
        !asksForTokens || text(prefix + "bearer").isEmpty(),
        "either a token-url or a bearer, not both");
    boolean jwkNamesItself = text(prefix + "private-key").startsWith("{");
    check(
        prefix + "key-id",
        !hasKey || jwkNamesItself || !text(prefix + "key-id").isEmpty(),
        "the key's id (kid), because a private-key in PEM does not say it");
  }

  private @Nullable String dialect(String name) {
    check(
        name,
        Set.of("", "redox", "canvas", "plain").contains(text(name)),
        "redox, canvas or plain (or nothing: as the source's kind says)");
    return optional(name);
  }

  private int connections(String name) {
    return parsed(
        name,
        text -> {
          int connections = Integer.parseInt(text);
          if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("expected 1 to 64 connections");
          }
          return connections;
        },
        1);
  }

  private @Nullable String optional(String name) {
    String text = text(name);
    return text.isEmpty() ? null : text;
  }

  private Settings.Clinic clinic() {
    String phone = text("relay.clinic.phone");
    return new Settings.Clinic(
        text("relay.clinic.name"),
        phone.isEmpty() ? null : phone,
        zone("relay.clinic.zone"),
        text("relay.clinic.region"),
        url("relay.clinic.questionnaire-url"));
  }

  private Settings.Email email(boolean sandbox) {
    String host = text("relay.channel.email.host");
    if (!sandbox) {
      check(
          "relay.channel.email.host",
          !host.isEmpty(),
          "the SMTP server (the sandbox, which has one of its own, is off)");
      check(
          "relay.channel.email.from",
          !text("relay.channel.email.from").isEmpty(),
          "the sender's address");
    }
    check(
        "relay.channel.email.tls",
        Set.of("none", "starttls", "tls").contains(text("relay.channel.email.tls")),
        "none, starttls or tls");
    port("relay.channel.email.port");
    return new Settings.Email(
        host.isEmpty() ? null : host,
        text("relay.channel.email.from"),
        sandbox && !given.contains("relay.channel.email.host"),
        phi("relay.channel.email.phi"));
  }

  private Settings.Sms sms() {
    URI gateway = url("relay.channel.sms.base-url");
    for (String needed : List.of("account", "token", "from")) {
      String name = "relay.channel.sms." + needed;
      check(name, gateway == null || !text(name).isEmpty(), "what the SMS gateway asks for");
    }
    return new Settings.Sms(gateway, phi("relay.channel.sms.phi"));
  }

  private String phi(String name) {
    check(name, Set.of("none", "visit", "full").contains(text(name)), "none, visit or full");
    return text(name);
  }

  private Settings.Webhook webhook() {
    URI url = url("relay.channel.webhook.url");
    String secret = text("relay.channel.webhook.secret");
    check(
        "relay.channel.webhook.secret",
        url == null || secret.startsWith("whsec_"),
        "a Standard Webhooks secret beginning with whsec_");
    return new Settings.Webhook(
        url, secret.isEmpty() ? null : secret, bool("relay.channel.webhook.allow-private"));
  }

  private Settings.Messaging messaging() {
    String traffic = text("relay.messaging.test-traffic");
    check(
        "relay.messaging.test-traffic",
        Set.of("record", "send").contains(traffic),
        "record or send");
    String quiet = text("relay.messaging.quiet-hours");
    check(
        "relay.messaging.quiet-hours",
        QUIET.matcher(quiet).matches(),
        "hours such as 21:00-08:00, or none");
    return new Settings.Messaging(
        quiet,
        duration("relay.messaging.too-late"),
        duration("relay.messaging.settle"),
        traffic.equals("send"),
        duration("relay.messaging.rebook-window"),
        restraint());
  }

  /** Everybody can sign with the sandbox's own. */
  private List<String> smsTokens() {
    String shipped = Names.IN_SANDBOX.get(SMS_TOKEN);
    boolean reachesPeople = OUTSIDE_ADDRESSES.stream().anyMatch(this::leavesTheMachine);
    return list(SMS_TOKEN).stream()
        .filter(token -> !reachesPeople || !token.equals(shipped))
        .toList();
  }

  private Settings.Replies replies(boolean sandbox) {
    String name = "relay.replies";
    String wish = text(name);
    URI publicUrl = url("relay.public-url");
    boolean isPrivate =
        publicUrl != null && "https".equals(publicUrl.getScheme()) && publicUrl.getQuery() == null;
    check(
        "relay.public-url",
        publicUrl == null || isPrivate || sandbox,
        "an https address without a query, by which the public port is reached from outside");
    check(name, Set.of("auto", "true", "false").contains(wish), "auto, true or false");
    boolean possible = publicUrl != null || sandbox;
    check(
        "relay.public-url",
        possible || !wish.equals("true"),
        "the address by which the public port is reached from outside, because relay.replies is true");
    List<String> keys = list("relay.replies.key");
    check(
        "relay.replies.key",
        keys.stream().allMatch(key -> key.length() >= KEY_AT_LEAST),
        "keys of " + KEY_AT_LEAST + " characters or more, two while they are changed");
    String answers = text("relay.replies.carrier-words");
    check(
        "relay.replies.carrier-words",
        Set.of("carrier", "relay").contains(answers),
        "carrier or relay");
    boolean on = wish.equals("true") || (wish.equals("auto") && possible);
    return new Settings.Replies(on, publicUrl, keys, smsTokens(), answers.equals("relay"));
  }

  private Settings.Staff staff() {
    List<Settings.Desk> desks = new ArrayList<>();
    Set<String> locations = new HashSet<>();
    for (String desk : deskNames) {
      String prefix = "relay.staff." + desk + ".";
      String location = text(prefix + "location");
      check(
          prefix + "location",
          !location.isEmpty(),
          "the identifier or the name of a location, because relay.staff." + desk + " is set");
      check(
          prefix + "location",
          location.isEmpty() || locations.add(location.toLowerCase(Locale.ROOT)),
          "a location that no other desk has");
      String email = email(prefix + "email");
      String phone = phone(prefix + "phone");
      check(prefix + "email", email != null || phone != null, "an e-mail address, or a phone");
      desks.add(new Settings.Desk(location, email, phone));
    }
    String email = email("relay.staff.email");
    String phone = phone("relay.staff.phone");
    if (email != null || phone != null) {
      desks.add(new Settings.Desk(null, email, phone));
    }
    String language = text("relay.staff.language");
    check("relay.staff.language", LANGUAGE.matcher(language).matches(), "a language such as en");
    return new Settings.Staff(language, desks);
  }

  private @Nullable String email(String name) {
    String address = text(name);
    check(
        name,
        address.isEmpty() || EMAIL.matcher(address).matches(),
        "one e-mail address such as desk@clinic.org (of several people: a group's)");
    return optional(name);
  }

  private @Nullable String phone(String name) {
    String number = text(name);
    check(
        name,
        number.isEmpty() || NUMBER.matcher(number).matches(),
        "one number such as +13125550100");
    return optional(name);
  }

  private Settings.Restraint restraint() {
    List<String> allow = list("relay.messaging.allow");
    check(
        "relay.messaging.allow",
        allow.stream().allMatch(recipient -> RECIPIENT.matcher(recipient).matches()),
        "e-mail addresses and numbers such as +13125550100, separated by commas");
    String limit = text("relay.messaging.limit");
    check(
        "relay.messaging.limit",
        LIMIT.matcher(limit).matches(),
        "messages in calendar days such as 1/P1D,3/P7D, or none");
    String brake = text("relay.messaging.brake");
    check(
        "relay.messaging.brake",
        BRAKE.matcher(brake).matches(),
        "messages in a time such as 200/PT10M, or none");
    return new Settings.Restraint(
        bool("relay.messaging.require-consent"),
        allow,
        bool("relay.messaging.contact-persons"),
        limit,
        brake);
  }

  private List<Settings.StoreKey> storeKeys() {
    String name = "relay.store.key";
    List<Settings.StoreKey> keys = List.of();
    try {
      keys = StoreKeys.of(text(name));
      check(name, text(name).isEmpty() || !keys.isEmpty(), AS_KEY_NEW_PRINTS);
    } catch (IllegalArgumentException e) {
      check(name, false, AS_KEY_NEW_PRINTS);
    }
    return keys;
  }

  /** Absent: nothing is purged. */
  private @Nullable Period retention(String what) {
    String name = "relay.retention." + what;
    if (text(name).equals("none")) {
      return null;
    }
    boolean isPeriod = PERIOD.matcher(text(name)).matches();
    check(name, isPeriod, "days, months or years such as P30D, P6M or P1Y, or none");
    return isPeriod ? Period.parse(text(name)) : null;
  }

  private List<String> list(String name) {
    return Arrays.stream(text(name).split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private String consoleHost() {
    String host = text("relay.console.host");
    check(
        "relay.console.host",
        isLoopback(host) || !text("relay.console.users").isEmpty(),
        "a loopback address, or relay.console.users beside it (made with 'user add <name>')");
    return host;
  }

  private Settings.@Nullable Tls tls() {
    String prefix = "relay.http.tls.";
    Path certificate = file(prefix + "certificate");
    Path key = file(prefix + "key");
    Path keystore = file(prefix + "keystore");
    Path clientCa = file(prefix + "client-ca");
    check(
        prefix + "key",
        (key == null) == (certificate == null),
        "a certificate and its key, both or neither");
    check(
        prefix + "keystore",
        keystore == null || certificate == null,
        "either a keystore, or a certificate and its key");
    check(
        prefix + "client-ca",
        clientCa == null || keystore != null || certificate != null,
        "a certificate of our own beside it: relay.http.tls.certificate or .keystore");
    return keystore == null && certificate == null
        ? null
        : new Settings.Tls(
            certificate, key, keystore, optional(prefix + "keystore-password"), clientCa);
  }

  private @Nullable Path file(String name) {
    return text(name).isEmpty()
        ? null
        : parsed(
            name,
            path -> {
              if (path.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("expected a path, found what is in the file");
              }
              return Path.of(path);
            },
            Path.of("unset"));
  }

  /** {@code name:hash}, one a line or separated by commas; a line may be a comment. */
  private Settings.Access access() {
    String name = "relay.console.users";
    Map<String, String> users = new LinkedHashMap<>();
    for (String line : text(name).split("[,\\n]", -1)) {
      String user = line.strip();
      if (user.isEmpty() || user.startsWith("#")) {
        continue;
      }
      var matcher = USER.matcher(user);
      boolean isUser = matcher.matches();
      check(name, isUser, "lines as 'user add <name>' prints them");
      if (isUser) {
        String before = users.put(matcher.group(1), matcher.group(2));
        check(name, before == null, "each user once");
      }
    }
    check(name, text(name).isEmpty() || !users.isEmpty(), "lines as 'user add <name>' prints them");
    String login = text("relay.console.login");
    check(
        "relay.console.login",
        login.isEmpty() || LOGIN.matcher(login).matches(),
        "name:password of a console user");
    return new Settings.Access(users, optional("relay.console.login"));
  }

  private Settings.@Nullable Rate rate(String name) {
    if (text(name).isEmpty() || text(name).equals("none")) {
      return null;
    }
    var matcher = RATE.matcher(text(name));
    boolean isRate = matcher.matches();
    check(name, isRate, "notifications in a time such as 200/PT1S, or none");
    return isRate
        ? new Settings.Rate(Integer.parseInt(matcher.group(1)), Duration.parse(matcher.group(2)))
        : null;
  }

  private void refuseSandboxTokenBesideRealAddresses(Map<String, Source> sources) {
    boolean sandboxToken =
        sources.values().stream().anyMatch(source -> source.tokens().contains(SANDBOX_TOKEN));
    List<String> addresses = new ArrayList<>(OUTSIDE_ADDRESSES);
    for (String source : sourceNames) {
      addresses.add("relay.source." + source + ".fhir.base-url");
      addresses.add("relay.source." + source + ".fhir.token-url");
      addresses.add("relay.source." + source + ".query.base-url");
    }
    for (String name : addresses) {
      if (sandboxToken && leavesTheMachine(name)) {
        problems.add(
            name
                + ": expected tokens of your own beside a real outside address, found the shipped sandbox token."
                + " Set relay.source.<name>.token for every source.");
      }
    }
  }

  private boolean leavesTheMachine(String name) {
    String host = name.endsWith("host") ? text(name) : hostOf(text(name));
    return host != null && !host.isEmpty() && !isLoopback(host);
  }

  /** Absent also where the address cannot be read, which is a problem reported elsewhere. */
  private static @Nullable String hostOf(String address) {
    try {
      return URI.create(address).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || LOOPBACK_V4.matcher(host).matches()
        || host.equals("::1")
        || host.equals("[::1]");
  }

  private void resolveSecretFiles() {
    for (Map.Entry<String, String> entry : values.entrySet()) {
      if (entry.getValue().startsWith("file:")) {
        try {
          entry.setValue(Files.readString(Path.of(entry.getValue().substring(5))).strip());
        } catch (IOException | IllegalArgumentException e) {
          problems.add(
              entry.getKey()
                  + ": expected a readable file behind file:, found "
                  + e.getClass().getSimpleName()
                  + ". Check the path and its rights.");
          entry.setValue("");
        }
      }
    }
  }

  private void whenNotGiven(String name, String value) {
    if (!given.contains(name) || text(name).isEmpty()) {
      values.put(name, value);
    }
  }

  private void whenEmpty(String name, String value) {
    if (text(name).isEmpty()) {
      values.put(name, value);
    }
  }

  private String text(String name) {
    return values.getOrDefault(name, "");
  }

  private void check(String name, boolean holds, String expected) {
    if (!holds) {
      problems.add(
          name
              + ": expected "
              + expected
              + ", found "
              + (text(name).isEmpty() ? "nothing" : "something else")
              + ". Set it in application.properties, by environment or by -D.");
    }
  }

  private boolean bool(String name) {
    String value = text(name);
    check(name, value.equals("true") || value.equals("false"), "true or false");
    return value.equals("true");
  }

  private int port(String name) {
    return parsed(
        name,
        text -> {
          int port = Integer.parseInt(text);
          if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
          }
          return port;
        },
        0);
  }

  private int size(String name) {
    String value = text(name).toUpperCase(Locale.ROOT);
    var matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      check(name, false, "a size such as 16MB");
      return 0;
    }
    long unit = value.endsWith("KB") ? 1 << 10 : value.endsWith("MB") ? 1 << 20 : 1;
    long bytes = Long.parseLong(matcher.group(1)) * unit;
    check(name, bytes <= 256L << 20, "at most 256MB");
    return (int) Math.min(bytes, 256L << 20);
  }

  private Duration duration(String name) {
    Duration duration = parsed(name, Duration::parse, Duration.ZERO);
    check(name, !duration.isNegative(), "a duration such as PT4H");
    return duration;
  }

  private ZoneId zone(String name) {
    return parsed(name, ZoneId::of, ZoneId.of("UTC"));
  }

  private @Nullable URI url(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return null;
    }
    URI uri = parsed(name, URI::create, URI.create("http://invalid.invalid"));
    boolean usable = uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme());
    check(name, usable, "an address such as https://host/path");
    return uri;
  }

  private <T> T parsed(String name, Function<String, T> parser, T otherwise) {
    try {
      return parser.apply(text(name));
    } catch (IllegalArgumentException | DateTimeException e) {
      problems.add(
          name
              + ": expected a "
              + (name.endsWith("zone")
                  ? "zone such as America/Chicago"
                  : "value of the form the README shows")
              + ", found one that cannot be read. Correct it.");
      return otherwise;
    }
  }
}
