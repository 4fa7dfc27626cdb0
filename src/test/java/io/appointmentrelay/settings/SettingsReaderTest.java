package io.appointmentrelay.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  private static final Set<String> KINDS =
      Set.of("redox-fhir", "redox-scheduling", "canvas", "fhir-poll");

  /** Every name that is not a source's, with what is in force when it is not set. */
  private static final String NAMES =
      """
      name                               | default              | in the sandbox
      relay.sandbox                      | true                 | true
      relay.routes.reload                | false                | false
      relay.data-dir                     | data                 | data
      relay.log.level                    | INFO                 | INFO
      relay.log.format                   | text                 | text
      relay.store.url                    | jdbc:sqlite:data/relay.db | jdbc:sqlite:data/relay.db
      relay.store.user                   |                      |
      relay.store.password               |                      |
      relay.store.key                    |                      |
      relay.http.host                    | 0.0.0.0              | 0.0.0.0
      relay.http.port                    | 8080                 | 8080
      relay.http.max-body                | 16MB                 | 16MB
      relay.http.tls.certificate         |                      |
      relay.http.tls.key                 |                      |
      relay.http.tls.keystore            |                      |
      relay.http.tls.keystore-password   |                      |
      relay.http.tls.client-ca           |                      |
      relay.public-url                   |                      |
      relay.replies                      | auto                 | auto
      relay.replies.key                  |                      |
      relay.replies.carrier-words        | carrier              | relay
      relay.console.host                 | 127.0.0.1            | 127.0.0.1
      relay.console.port                 | 9876                 | 9876
      relay.console.users                |                      |
      relay.console.login                |                      |
      relay.clinic.name                  | Good Health Clinic   | Good Health Clinic
      relay.clinic.phone                 |                      |
      relay.clinic.zone                  | America/Chicago      | America/Chicago
      relay.clinic.region                | US                   | US
      relay.clinic.questionnaire-url     |                      |
      relay.staff.email                  |                      |
      relay.staff.phone                  |                      |
      relay.staff.language               | en                   | en
      relay.enrichment.skip-when-complete| true                 | true
      relay.enrichment.max-age           | PT15M                | PT15M
      relay.enrichment.catch-up          | PT60S                | PT0S
      relay.channel.email.host           | required             | 127.0.0.1
      relay.channel.email.port           | 587                  | 587
      relay.channel.email.user           |                      |
      relay.channel.email.password       |                      |
      relay.channel.email.tls            | starttls             | none
      relay.channel.email.from           | required             | Good Health Clinic <appointments@clinic.example.org>
      relay.channel.email.on-uncertain   | resend               | resend
      relay.channel.email.phi            | full                 | full
      relay.channel.sms.base-url         |                      | http://127.0.0.1:9876/sandbox/sms
      relay.channel.sms.account          |                      | ACsandbox
      relay.channel.sms.token            |                      | sandbox-sms-token
      relay.channel.sms.from             |                      | +13125550100
      relay.channel.sms.on-uncertain     | resend               | resend
      relay.channel.sms.phi              | visit                | visit
      relay.channel.webhook.url          |                      | http://127.0.0.1:9876/sandbox/webhook
      relay.channel.webhook.secret       |                      | whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXJlbGF5
      relay.channel.webhook.allow-private| false                | true
      relay.channel.webhook.on-uncertain | resend               | resend
      relay.channel.ehr.on-uncertain     | resend               | resend
      relay.messaging.quiet-hours        | 21:00-08:00          | none
      relay.messaging.too-late           | PT4H                 | PT4H
      relay.messaging.settle             | PT60S                | PT0S
      relay.messaging.rebook-window      | PT5M                 | PT0S
      relay.messaging.test-traffic       | record               | record
      relay.messaging.require-consent    | false                | false
      relay.messaging.allow              |                      |
      relay.messaging.contact-persons    | false                | false
      relay.messaging.limit              | 1/P1D,3/P7D          | none
      relay.messaging.brake              | 200/PT10M            | none
      relay.retry.inbox                  | 8 attempts, 1s..10m  | 8 attempts, 1s..10m
      relay.retry.outbox                 | 10 attempts, 2s..1h  | 10 attempts, 2s..1h
      relay.retry.give-up                | P7D                  | P7D
      relay.retention.bodies             | P30D                 | P30D
      relay.retention.deliveries         | P1Y                  | P1Y
      relay.retention.timeline           | P3Y                  | P3Y
      """;

  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final Properties system = new Properties();
  private String file = "";

  // -- what tests say ------------------------------------------------------------------------

  private void inFile(String... lines) {
    file += String.join("\n", lines) + "\n";
  }

  private void sandboxWithCanvas() {
    inFile("relay.source.canvas.kind=canvas");
  }

  private void realWithCanvas() {
    inFile(
        "relay.sandbox=false",
        "relay.source.canvas.token=a-token-of-ours",
        "relay.channel.email.host=smtp.example.org",
        "relay.channel.email.from=clinic@example.org");
  }

  private Settings read() {
    try {
      Path properties = directory.resolve("application.properties");
      Files.writeString(properties, file);
      return SettingsReader.read(properties, environment, system, KINDS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> problems() {
    InvalidSettings invalid = catchThrowableOfType(InvalidSettings.class, this::read);
    return invalid == null
        ? List.of()
        : Arrays.asList(invalid.getMessage().split(System.lineSeparator()));
  }

  private String problem() {
    List<String> problems = problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  private String inForce(String name) {
    return read().placeholders().get(name);
  }

  private Path secretFile(String content) throws IOException {
    return Files.writeString(directory.resolve("secret"), content);
  }

  // -- names and defaults ------------------------------------------------------------------------

  @Nested
  class NamesAndDefaults {

    private Map<String, String> column(int number) {
      Map<String, String> column = new LinkedHashMap<>();
      NAMES
          .lines()
          .skip(1)
          .map(line -> line.split("\\|", -1))
          .forEach(row -> column.put(row[0].trim(), row[number].trim()));
      return column;
    }

    @Test
    void theseNamesAndNoOthers() {
      assertThat(Names.DEFAULTS.keySet()).containsExactlyElementsOf(column(1).keySet());
      assertThat(Names.OF_SOURCE)
          .containsExactlyInAnyOrder(
              "kind",
              "token",
              "rate",
              "zone",
              "region",
              "group",
              "writeback",
              "fhir.base-url",
              "fhir.token-url",
              "fhir.client-id",
              "fhir.private-key",
              "fhir.key-id",
              "fhir.client-secret",
              "fhir.scope",
              "fhir.bearer",
              "fhir.connections",
              "fhir.dialect",
              "poll.every",
              "poll.window",
              "reconcile.at",
              "silence",
              "query.base-url",
              "query.destination-id",
              "query.api-key",
              "query.secret");
      assertThat(Names.OF_DESK).containsExactlyInAnyOrder("location", "email", "phone");
    }

    @Test
    void theseDefaultsInTheSandbox() {
      sandboxWithCanvas();

      assertThat(valuesInForce()).isEqualTo(asRoutesSeeIt(column(2), "smtp", "false"));
    }

    /** What is in force, without the sources. */
    private Map<String, String> valuesInForce() {
      Map<String, String> inForce = new HashMap<>(read().placeholders());
      inForce.keySet().removeIf(name -> name.startsWith("relay.source."));
      return inForce;
    }

    /** Unset names are left out, but for those without which a route file would not load. */
    private Map<String, String> asRoutesSeeIt(
        Map<String, String> defaults, String scheme, String starttls) {
      Map<String, String> seen = new HashMap<>(defaults);
      seen.values().removeIf(String::isEmpty);
      seen.put("relay.channel.email.scheme", scheme);
      seen.put("relay.channel.email.starttls", starttls);
      seen.putIfAbsent("relay.channel.sms.base-url", "http://unset.invalid");
      seen.putIfAbsent("relay.channel.sms.account", "unset");
      seen.putIfAbsent("relay.channel.sms.token", "unset");
      seen.putIfAbsent("relay.channel.webhook.url", "http://unset.invalid");
      return seen;
    }

    @Test
    void theseDefaultsOutsideIt() {
      realWithCanvas();
      Map<String, String> expected = column(1);
      expected.put("relay.sandbox", "false");
      expected.put("relay.channel.email.host", "smtp.example.org");
      expected.put("relay.channel.email.from", "clinic@example.org");

      assertThat(valuesInForce()).isEqualTo(asRoutesSeeIt(expected, "smtp", "true"));
    }

    @Test
    void aSourceTakesWhatItDoesNotSayFromTheClinicAndItsName() {
      inFile(
          "relay.source.canvas.token=one, two",
          "relay.clinic.zone=America/Denver",
          "relay.clinic.region=CA");

      Settings.Source source = read().sources().get("canvas");

      assertThat(source)
          .isEqualTo(
              new Settings.Source(
                  "canvas",
                  "canvas",
                  List.of("one", "two"),
                  ZoneId.of("America/Denver"),
                  "CA",
                  "canvas",
                  new Settings.Fhir(
                      URI.create("http://127.0.0.1:9876/sandbox/fhir/canvas"),
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      8)));
    }

    @Test
    void aSourceSaysItsOwn() {
      inFile(
          "relay.source.north.kind=canvas",
          "relay.source.north.zone=America/New_York",
          "relay.source.north.region=MX",
          "relay.source.north.group=clinic");

      assertThat(read().sources().get("north"))
          .isEqualTo(
              new Settings.Source(
                  "north",
                  "canvas",
                  List.of(SettingsReader.SANDBOX_TOKEN),
                  ZoneId.of("America/New_York"),
                  "MX",
                  "clinic",
                  null));
    }

    @Test
    void aSourceIsWatchedAsIsUsualOrAsItSays() {
      inFile("relay.source.canvas.kind=canvas", "relay.source.fhir-poll.kind=fhir-poll");
      assertThat(read().sources().get("canvas").watch())
          .isEqualTo(new Settings.Watch(Duration.ofMinutes(5), 14, null, "auto"));
      assertThat(read().sources().get("fhir-poll").watch().every()).hasSeconds(5);

      inFile(
          "relay.source.fhir-poll.fhir.base-url=http://127.0.0.1:1/fhir",
          "relay.source.canvas.poll.every=PT30S",
          "relay.source.canvas.poll.window=P30D",
          "relay.source.canvas.reconcile.at=02:30",
          "relay.source.canvas.silence=PT6H");
      assertThat(read().sources().get("canvas").watch())
          .isEqualTo(new Settings.Watch(Duration.ofSeconds(30), 30, LocalTime.of(2, 30), "PT6H"));
      assertThat(read().sources().get("fhir-poll").watch().every()).hasMinutes(5);
    }

    @Test
    void whatIsPolledNeedsAServerAndNoToken() {
      realWithCanvas();
      inFile("relay.source.fhir-poll.kind=fhir-poll");
      assertThat(problems())
          .singleElement()
          .asString()
          .contains("relay.source.fhir-poll.fhir.base-url");

      inFile("relay.source.fhir-poll.fhir.base-url=https://fhir.example.org/r4");
      assertThat(read().sources().get("fhir-poll").tokens()).isEmpty();
    }

    @Test
    void whatIsSetIsTyped() {
      realWithCanvas();
      inFile(
          "relay.http.port=80",
          "relay.http.max-body=512KB",
          "relay.data-dir=/var/relay",
          "relay.clinic.phone=+13125550100",
          "relay.clinic.questionnaire-url=https://forms.example.org/q",
          "relay.channel.sms.base-url=https://api.example.org",
          "relay.channel.sms.account=AC1",
          "relay.channel.sms.token=t",
          "relay.channel.sms.from=+13125550100",
          "relay.channel.webhook.url=https://hooks.example.org/a",
          "relay.channel.webhook.secret=whsec_c2VjcmV0",
          "relay.messaging.quiet-hours=22:00-07:30",
          "relay.messaging.too-late=PT2H",
          "relay.messaging.test-traffic=send",
          "relay.messaging.require-consent=true",
          "relay.messaging.contact-persons=true",
          "relay.messaging.limit=2/P1D",
          "relay.messaging.brake=20/PT1H",
          "relay.messaging.allow=ana@clinic.org, +16085550142",
          "relay.staff.email=desk@clinic.org",
          "relay.staff.language=es",
          "relay.staff.north.location=North Clinic, Room 2",
          "relay.staff.north.phone=+16085550101",
          "relay.retry.inbox=3 attempts, 10ms..1s");

      Settings settings = read();

      assertThat(settings.sandbox()).isFalse();
      assertThat(settings.http()).isEqualTo(new Settings.Http("0.0.0.0", 80, 512 << 10));
      assertThat(settings.console()).isEqualTo(new Settings.Http("127.0.0.1", 9876, 1 << 20));
      assertThat(settings.dataDirectory()).isEqualTo(Path.of("/var/relay"));
      assertThat(settings.storeUrl()).isEqualTo("jdbc:sqlite:/var/relay/relay.db");
      assertThat(settings.clinic())
          .isEqualTo(
              new Settings.Clinic(
                  "Good Health Clinic",
                  "+13125550100",
                  ZoneId.of("America/Chicago"),
                  "US",
                  URI.create("https://forms.example.org/q")));
      assertThat(settings.email())
          .isEqualTo(new Settings.Email("smtp.example.org", "clinic@example.org", false, "full"));
      assertThat(settings.sms().baseUrl()).isEqualTo(URI.create("https://api.example.org"));
      assertThat(settings.webhook())
          .isEqualTo(
              new Settings.Webhook(
                  URI.create("https://hooks.example.org/a"), "whsec_c2VjcmV0", false));
      assertThat(settings.messaging())
          .isEqualTo(
              new Settings.Messaging(
                  "22:00-07:30",
                  Duration.ofHours(2),
                  Duration.ofSeconds(60),
                  true,
                  Duration.ofMinutes(5),
                  new Settings.Restraint(
                      true, List.of("ana@clinic.org", "+16085550142"), true, "2/P1D", "20/PT1H")));
      assertThat(settings.staff())
          .isEqualTo(
              new Settings.Staff(
                  "es",
                  List.of(
                      new Settings.Desk("North Clinic, Room 2", null, "+16085550101"),
                      new Settings.Desk(null, "desk@clinic.org", null))));
      assertThat(settings.inboxRetry())
          .isEqualTo(new RetryPolicy(3, Duration.ofMillis(10), Duration.ofSeconds(1)));
      assertThat(settings.outboxRetry())
          .isEqualTo(new RetryPolicy(10, Duration.ofSeconds(2), Duration.ofHours(1)));
      assertThat(settings.giveUp()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void withoutAddressesThereIsNoSmsAndNoWebhook() {
      realWithCanvas();

      assertThat(read().sms().baseUrl()).isNull();
      assertThat(read().webhook().url()).isNull();
    }

    @Test
    void tlsFromTheStartHasAPortOfItsOwn() {
      realWithCanvas();
      inFile("relay.channel.email.tls=tls");

      assertThat(inForce("relay.channel.email.port")).isEqualTo("465");
    }

    @Test
    void theSandboxsAddressesFollowTheConsolesPort() {
      sandboxWithCanvas();
      inFile("relay.console.port=19876");

      assertThat(read().webhook().url())
          .isEqualTo(URI.create("http://127.0.0.1:19876/sandbox/webhook"));
    }
  }

  // -- where settings come from ------------------------------------------------------------------

  @Nested
  class WhereTheyComeFrom {

    @Test
    void theEnvironmentOverridesTheFileAndTheCommandLineBoth() {
      sandboxWithCanvas();
      inFile("relay.clinic.name=File", "relay.clinic.region=CA", "relay.clinic.phone=1");
      environment.put("RELAY_CLINIC_NAME", "Environment");
      environment.put("RELAY_CLINIC_REGION", "MX");
      system.setProperty("relay.clinic.name", "Command line");

      Settings.Clinic clinic = read().clinic();

      assertThat(clinic.name()).isEqualTo("Command line");
      assertThat(clinic.region()).isEqualTo("MX");
      assertThat(clinic.phone()).isEqualTo("1");
    }

    @Test
    void aStoreOnPostgresHasALoginThatNoRouteAndNoLogSees() throws IOException {
      sandboxWithCanvas();
      inFile(
          "relay.store.url=jdbc:postgresql://db.example.org/relay",
          "relay.store.user=relay",
          "relay.store.password=file:" + secretFile("hush-hush"));

      Settings settings = read();

      assertThat(settings.storeUrl()).isEqualTo("jdbc:postgresql://db.example.org/relay");
      assertThat(settings.storeLogin()).isEqualTo(new Settings.StoreLogin("relay", "hush-hush"));
      assertThat(settings.storeLogin().toString()).doesNotContain("hush");
      assertThat(settings.placeholders()).doesNotContainKey("relay.store.password");
    }

    @Test
    void theStoresKeysHaveIdsAndNoRouteAndNoLogSeesThem() throws IOException {
      sandboxWithCanvas();
      inFile(
          "relay.store.key=file:"
              + secretFile("# since spring\nnew:" + KEY + ",\n" + KEY.replace('A', 'B')));

      Settings settings = read();

      assertThat(settings.storeKeys()).extracting(Settings.StoreKey::id).first().isEqualTo("new");
      assertThat(settings.storeKeys().get(1).id()).matches("k[0-9a-f]{8}");
      assertThat(settings.storeKeys().get(0).key()).hasSize(32).containsOnly(0);
      assertThat(settings.storeKeys().toString()).doesNotContain("AAAA");
      assertThat(settings.placeholders()).doesNotContainKey("relay.store.key");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "short",
          "AAAA",
          "a b:" + KEY,
          ":" + KEY,
          "x:" + KEY + ",x:" + KEY,
          KEY + "," + KEY,
          "x:" + KEY + "AA",
          "# nothing",
          ","
        })
    void aKeyThatIsNoneStopsTheStartAndIsNotShown(String key) {
      sandboxWithCanvas();
      inFile("relay.store.key=" + key);

      assertThat(problems())
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWith("relay.store.key: expected keys as 'key new' prints them")
          .doesNotContain("AAAA");
    }

    @Test
    void retentionIsAPeriodOrNone() {
      sandboxWithCanvas();
      inFile("relay.retention.bodies=P6M", "relay.retention.timeline=none");

      assertThat(read().retention())
          .isEqualTo(new Settings.Retention(Period.ofMonths(6), Period.ofYears(1), null));
    }

    @Test
    void withoutAFileTheRestIsEnough() {
      system.setProperty("relay.source.canvas.kind", "canvas");

      Settings settings =
          SettingsReader.read(directory.resolve("none"), environment, system, KINDS);

      assertThat(settings.sources()).containsOnlyKeys("canvas");
    }

    @ParameterizedTest
    @CsvSource({
      "RELAY_DATA_DIR, relay.data-dir",
      "RELAY_CHANNEL_WEBHOOK_ALLOW_PRIVATE, relay.channel.webhook.allow-private",
      "RELAY_SOURCE_REDOX_FHIR_TOKEN, relay.source.redox-fhir.token",
      "RELAY_SOURCE_NORTH_GROUP, relay.source.north.group"
    })
    void dotsAndHyphensBecomeUnderscores(String variable, String name) {
      inFile("relay.source.redox-fhir.kind=redox-fhir");
      system.setProperty("relay.source.north.kind", "canvas");
      environment.put(variable, "true");

      assertThat(inForce(name)).isEqualTo("true");
    }

    @Test
    void aDeskThatTheFileNamesCanBeMovedByTheEnvironment() {
      sandboxWithCanvas();
      inFile("relay.staff.north-desk.phone=+16085550101", "relay.staff.north-desk.location=North");
      environment.put("RELAY_STAFF_NORTH_DESK_LOCATION", "South");
      environment.put("RELAY_STAFF_EMAIL", "desk@clinic.org");

      assertThat(read().staff().desks())
          .containsExactly(
              new Settings.Desk("South", null, "+16085550101"),
              new Settings.Desk(null, "desk@clinic.org", null));
    }

    @Test
    void otherVariablesAndPropertiesAreNoneOfOurBusiness() {
      sandboxWithCanvas();
      inFile("camel.main.name=x");
      environment.put("PATH", "/bin");
      environment.put("RELAYED", "x");
      system.setProperty("user.name", "x");

      assertThat(problems()).isEmpty();
    }

    @Test
    void aVariableThatStandsForNoSettingStopsTheStart() {
      sandboxWithCanvas();
      environment.put("RELAY_CLINIC_NAMES", "x");

      assertThat(problem())
          .startsWith("RELAY_CLINIC_NAMES: ")
          .contains("none of that name")
          .contains("unset it");
    }

    @Test
    void aVariableOfASourceThatNobodyNamesStopsTheStart() {
      sandboxWithCanvas();
      environment.put("RELAY_SOURCE_NORTH_TOKEN", "x");

      assertThat(problem()).startsWith("RELAY_SOURCE_NORTH_TOKEN: ");
    }

    @Test
    void noTwoNamesStandBehindOneVariable() {
      inFile(
          "relay.source.a.token=x",
          "relay.source.a-b.token=x",
          "relay.source.a-token.token=x",
          "relay.source.a.kind=canvas",
          "relay.source.a-b.kind=canvas",
          "relay.source.a-token.kind=canvas");
      environment.put("RELAY_SOURCE_A_TOKEN", "of a");
      environment.put("RELAY_SOURCE_A_B_TOKEN", "of a-b");
      environment.put("RELAY_SOURCE_A_TOKEN_TOKEN", "of a-token");

      Map<String, Settings.Source> sources = read().sources();

      assertThat(sources.get("a").tokens()).containsExactly("of a");
      assertThat(sources.get("a-b").tokens()).containsExactly("of a-b");
      assertThat(sources.get("a-token").tokens()).containsExactly("of a-token");
      assertThat(
              Names.DEFAULTS.keySet().stream()
                  .map(name -> name.replace('-', '_').replace('.', '_')))
          .doesNotHaveDuplicates();
    }

    @Test
    void aValueIsTrimmed() {
      sandboxWithCanvas();
      inFile("relay.clinic.name =  Oak Clinic  ");
      environment.put("RELAY_CLINIC_PHONE", " 1 ");

      assertThat(read().clinic().name()).isEqualTo("Oak Clinic");
      assertThat(read().clinic().phone()).isEqualTo("1");
    }

    @Test
    void theFileIsUtf8() {
      sandboxWithCanvas();
      inFile("relay.clinic.name=Clínica Ñandú");

      assertThat(read().clinic().name()).isEqualTo("Clínica Ñandú");
    }

    @Test
    void aFileThatIsNotIsAProblem() throws IOException {
      Path latin = directory.resolve("latin.properties");
      Files.write(
          latin,
          "relay.clinic.name=Cl\u00ednica\nrelay.source.canvas.kind=canvas"
              .getBytes(StandardCharsets.ISO_8859_1));

      InvalidSettings invalid =
          catchThrowableOfType(
              InvalidSettings.class, () -> SettingsReader.read(latin, environment, system, KINDS));

      assertThat(invalid).hasMessageContaining("expected a properties file in UTF-8");
    }
  }

  // -- secrets -----------------------------------------------------------------------------------

  @Nested
  class Secrets {

    @Test
    void aSecretMayBeAFilesContent() throws IOException {
      inFile("relay.source.canvas.token=file:" + secretFile("a-token-of-ours\n"));

      assertThat(read().sources().get("canvas").tokens()).containsExactly("a-token-of-ours");
    }

    @Test
    void aFileMayBeNamedByTheEnvironmentAndHoldSeveralTokens() throws IOException {
      sandboxWithCanvas();
      environment.put("RELAY_SOURCE_CANVAS_TOKEN", "file:" + secretFile("old, new"));

      assertThat(read().sources().get("canvas").tokens()).containsExactly("old", "new");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() {
      realWithCanvas();
      inFile("relay.channel.email.password=file:" + directory.resolve("none"));

      assertThat(problem())
          .startsWith("relay.channel.email.password: expected a readable file behind file:")
          .contains("Check the path");
    }

    @Test
    void noValueIsEverShown() throws IOException {
      String secret = "hush-hush";
      inFile("relay.sandbox=false", "relay.unknown=" + secret);
      for (String name : Names.DEFAULTS.keySet()) {
        if (!name.equals("relay.sandbox")) {
          inFile(name + "=" + secret);
        }
      }
      for (String suffix : Names.OF_SOURCE) {
        inFile("relay.source.canvas." + suffix + "=" + secret);
      }
      for (String suffix : Names.OF_DESK) {
        inFile("relay.staff.north." + suffix + "=" + secret);
      }
      environment.put("RELAY_UNKNOWN", secret);

      assertThat(problems()).hasSizeGreaterThan(15).noneMatch(line -> line.contains(secret));
    }

    @Test
    void settingsAreNotPrinted() throws IOException {
      realWithCanvas();
      inFile(
          "relay.channel.webhook.url=https://user:hush-hush@hooks.example.org/hush-hush",
          "relay.channel.webhook.secret=whsec_hush-hush",
          "relay.channel.email.password=hush-hush",
          "relay.staff.email=hush-hush@clinic.org",
          "relay.source.north.kind=canvas",
          "relay.source.north.token=file:" + secretFile("hush-hush"));

      Settings settings = read();

      assertThat(settings.toString()).doesNotContain("hush");
      assertThat(settings.sources().toString()).doesNotContain("hush");
      assertThat(settings.staff().toString()).doesNotContain("hush");
      assertThat(settings.placeholders()).doesNotContainKey("relay.staff.email");
      assertThat(settings.webhook().toString()).doesNotContain("hush");
    }
  }

  // -- problems ----------------------------------------------------------------------------------

  @Nested
  class Problems {

    @Test
    void allAreReportedTogetherAndEachOnce() {
      inFile(
          "relay.clinic.naem=x",
          "relay.http.port=http",
          "relay.console.port=99999",
          "relay.clinic.zone=Chicago",
          "relay.messaging.too-late=4 hours",
          "relay.channel.webhook.url=nowhere",
          "relay.source.north.kind=epic");
      environment.put("RELAY_NOTHING", "x");

      assertThat(problems())
          .extracting(line -> line.substring(0, line.indexOf(':')))
          .containsExactlyInAnyOrder(
              "relay.clinic.naem",
              "relay.http.port",
              "relay.console.port",
              "relay.clinic.zone",
              "relay.messaging.too-late",
              "relay.channel.webhook.url",
              "relay.source.north.kind",
              "RELAY_NOTHING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirm;cancel", "all", "none,confirm", "Confirm"})
    void whatIsWrittenBackIsNoneConfirmOrCancel(String wrong) {
      sandboxWithCanvas();
      inFile("relay.source.canvas.writeback=" + wrong);

      assertThat(problem())
          .startsWith("relay.source.canvas.writeback: expected none, confirm, cancel");
    }

    @Test
    void whatIsWrittenBackNeedsAServer() {
      sandboxWithCanvas();
      inFile(
          "relay.source.canvas.fhir.base-url=none", "relay.source.canvas.writeback=confirm,cancel");

      assertThat(problem())
          .startsWith("relay.source.canvas.writeback: expected none, or the FHIR server");
    }

    @Test
    void nothingIsWrittenBackUnlessItIsSaid() {
      sandboxWithCanvas();
      assertThat(read().sources().get("canvas").writeback()).isEmpty();
      inFile("relay.source.canvas.writeback=cancel, confirm");
      assertThat(read().sources().get("canvas").writeback())
          .containsExactlyInAnyOrder("confirm", "cancel");
      inFile("relay.source.canvas.writeback=none");
      assertThat(read().sources().get("canvas").writeback()).isEmpty();
    }

    @Test
    void theInboxsOwnWordsAreNoNamesOfSources() {
      inFile("relay.source.answered.kind=canvas");

      assertThat(problem()).startsWith("relay.source.answered.kind: expected a name other than");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "relay.unknown",
          "relay.store.schema",
          "relay.channel.email.on-doubt",
          "relay.source.canvas.fhir.url",
          "relay.source.canvas.tokens",
          "relay.staff.north.fax",
          "relay.source.Canvas.kind",
          "relay.Sandbox"
        })
    void aNameThatIsUnknownOrNotBuiltYetIsRefused(String name) {
      sandboxWithCanvas();
      inFile(name + "=x");

      assertThat(problem())
          .startsWith(name + ": expected a setting named in the README")
          .contains("application.properties");
    }

    @Test
    void aNameThatTheCommandLineMisspellsIsRefusedToo() {
      sandboxWithCanvas();
      system.setProperty("relay.http.prot", "80");

      assertThat(problem()).startsWith("relay.http.prot: ").contains("-D");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "relay.sandbox | yes",
          "relay.routes.reload | TRUE",
          "relay.http.port | -1",
          "relay.http.port | 65536",
          "relay.http.max-body | 16 MB",
          "relay.http.max-body | 999MB",
          "relay.console.host | 0.0.0.0",
          "relay.console.host | 127.evil.example.org",
          "relay.console.users | ada:correct horse battery",
          "relay.console.login | ada",
          "relay.http.tls.key | /etc/relay/key.pem",
          "relay.http.tls.client-ca | /etc/relay/senders.pem",
          "relay.source.canvas.rate | 200",
          "relay.source.canvas.rate | 0/PT1S",
          "relay.clinic.zone | CST6",
          "relay.store.url | jdbc:mysql://db/relay",
          "relay.store.url | jdbc:postgresql://db/relay?ssl=true&password=x",
          "relay.channel.email.port | smtp",
          "relay.channel.email.tls | ssl",
          "relay.channel.sms.base-url | ftp://127.0.0.1/",
          "relay.channel.sms.base-url | http:// 127.0.0.1",
          "relay.channel.webhook.url | /path",
          "relay.channel.webhook.secret | secret",
          "relay.channel.webhook.allow-private | maybe",
          "relay.messaging.quiet-hours | 9pm-8am",
          "relay.messaging.quiet-hours | 21:00-24:00",
          "relay.messaging.too-late | 4h",
          "relay.messaging.too-late | PT-4H",
          "relay.messaging.settle | 60",
          "relay.messaging.test-traffic | drop",
          "relay.retry.inbox | 8 times",
          "relay.retry.inbox | 0 attempts, 1s..10m",
          "relay.retry.outbox | 8 attempts, 1h..1s",
          "relay.retry.give-up | a week",
          "relay.retention.bodies | P0D",
          "relay.retention.deliveries | -P1Y",
          "relay.retention.timeline | PT1H",
          "relay.retention.timeline | a year",
          "relay.source.canvas.zone | Mars/Olympus",
          "relay.source.canvas.kind | epic",
        })
    void aWrongValueIsOneProblemThatNamesItsSetting(String name, String value) {
      sandboxWithCanvas();
      if (name.equals("relay.sandbox")) {
        realWithCanvas();
      }
      inFile(name + "=" + value);

      assertThat(problem()).startsWith(name + ": expected ").endsWith(".");
    }

    @Test
    void aConsoleForOtherMachinesHasUsersWhomNoRouteSees() {
      sandboxWithCanvas();
      String hash = "pbkdf2-sha256$600000$c2FsdHNhbHRzYWx0c2Fs$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo";
      inFile(
          "relay.console.host=0.0.0.0",
          "relay.console.users=ada:" + hash + ", grace:" + hash,
          "relay.console.login=ada:a password: with a colon",
          "relay.source.canvas.rate=200/PT1S");

      Settings settings = read();

      assertThat(settings.access().users()).isEqualTo(Map.of("ada", hash, "grace", hash));
      assertThat(settings.access().login()).isEqualTo("ada:a password: with a colon");
      assertThat(settings.access()).hasToString("Access[2 users]");
      assertThat(settings.placeholders())
          .doesNotContainKeys("relay.console.users", "relay.console.login");
      assertThat(settings.sources().get("canvas").rate())
          .isEqualTo(new Settings.Rate(200, java.time.Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "email | desk@clinic.org, door@clinic.org",
          "email | the desk",
          "phone | 608 555 0101",
          "language | English"
        })
    void staffHaveOneAddressEachAndALanguage(String name, String value) {
      sandboxWithCanvas();
      inFile("relay.staff." + name + "=" + value);

      assertThat(problem()).startsWith("relay.staff." + name + ": expected ").endsWith(".");
    }

    @Test
    void aDeskIsSomewhereAndCanBeReachedAndNoOtherIsThere() {
      sandboxWithCanvas();
      inFile(
          "relay.staff.nowhere.email=desk@clinic.org",
          "relay.staff.silent.location=South",
          "relay.staff.north.location=North",
          "relay.staff.north.email=desk@clinic.org",
          "relay.staff.again.location=north",
          "relay.staff.again.phone=+16085550101");

      assertThat(problems())
          .extracting(line -> line.substring(0, line.indexOf(':')))
          .containsExactlyInAnyOrder(
              "relay.staff.nowhere.location",
              "relay.staff.silent.email",
              "relay.staff.north.location");
    }

    @Test
    void withoutASourceThereIsNothingToRelay() {
      assertThat(problem()).startsWith("relay.source: expected at least one source");
    }

    @Test
    void aSourceNeedsATokenOutsideTheSandbox() {
      realWithCanvas();
      inFile("relay.source.north.kind=canvas", "relay.source.south.token=,");
      inFile("relay.source.south.kind=canvas");

      assertThat(problems())
          .extracting(line -> line.substring(0, line.indexOf(':')))
          .containsExactly("relay.source.north.token", "relay.source.south.token");
    }

    @Test
    void parkedIsNoNameForASource() {
      inFile("relay.source.parked.kind=canvas");

      assertThat(problem()).contains("[parked, noted, answered, sms, link]");
    }

    @Test
    void repliesNeedAnAddressThatIsReachedFromOutsideAndInPrivate() {
      sandboxWithCanvas();
      inFile("relay.replies=true");
      assertThat(read().replies().on()).isTrue();

      inFile(
          "relay.sandbox=false",
          "relay.source.canvas.token=a-token-of-ours",
          "relay.channel.email.host=smtp.clinic.org",
          "relay.channel.email.from=a@clinic.org",
          "relay.replies=true");
      assertThat(problem()).contains("relay.public-url", "because relay.replies is true");
      inFile(
          "relay.sandbox=false",
          "relay.source.canvas.token=a-token-of-ours",
          "relay.channel.email.host=smtp.clinic.org",
          "relay.channel.email.from=a@clinic.org",
          "relay.public-url=http://relay.clinic.org");
      assertThat(problem()).contains("relay.public-url", "https address");
    }

    @Test
    void repliesAreOnWhereTheyCanBeHeard() {
      realWithCanvas();
      assertThat(read().replies().on()).isFalse();
      inFile(
          "relay.sandbox=false",
          "relay.source.canvas.token=a-token-of-ours",
          "relay.channel.email.host=smtp.clinic.org",
          "relay.channel.email.from=a@clinic.org",
          "relay.public-url=https://relay.clinic.org");
      assertThat(read().replies().on()).isTrue();
      assertThat(read().replies().answersCarrierWords()).isFalse();
    }

    @Test
    void theShippedTokenOfTheGatewayIsNotAcceptedWherePeopleAreReached() {
      sandboxWithCanvas();
      assertThat(read().replies().smsTokens()).hasSize(1);
      inFile(
          "relay.source.canvas.token=a-token-of-ours", "relay.channel.email.host=smtp.clinic.org");
      assertThat(read().replies().smsTokens()).isEmpty();
    }

    @Test
    void theFirstOfTwoTokensOfTheGatewayIsTheOneThatIsShown() {
      sandboxWithCanvas();
      inFile("relay.channel.sms.token=new-token, old-token", "relay.replies.key=short");
      assertThat(problem()).contains("relay.replies.key", "32 characters").doesNotContain("short");
      inFile("relay.replies.key=");
      assertThat(read().placeholders()).containsEntry("relay.channel.sms.token", "new-token");
      assertThat(read().replies().smsTokens()).containsExactly("new-token", "old-token");
      assertThat(read().replies().toString()).doesNotContain("token");
    }

    @Test
    void withoutTheSandboxAnSmtpServerIsNeeded() {
      inFile("relay.sandbox=false", "relay.source.canvas.token=a-token-of-ours");

      assertThat(problems())
          .hasSize(2)
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith("relay.channel.email.host: expected the SMTP server")
                      .contains("the sandbox, which has one of its own, is off"))
          .anySatisfy(line -> assertThat(line).startsWith("relay.channel.email.from: "));
    }

    @Test
    void anSmsGatewayNeedsAnAccountATokenAndASender() {
      realWithCanvas();
      inFile("relay.channel.sms.base-url=https://api.example.org");

      assertThat(problems())
          .extracting(line -> line.substring(0, line.indexOf(':')))
          .containsExactly(
              "relay.channel.sms.account", "relay.channel.sms.token", "relay.channel.sms.from");
    }

    @Test
    void aWebhookNeedsASecret() {
      realWithCanvas();
      inFile("relay.channel.webhook.url=https://hooks.example.org/a");

      assertThat(problem()).startsWith("relay.channel.webhook.secret: ");
    }
  }

  // -- the sandbox's token -----------------------------------------------------------------------

  @Nested
  class TheShippedToken {

    @ParameterizedTest
    @CsvSource({
      "relay.channel.email.host, smtp.example.org",
      "relay.channel.email.host, 127.example.org",
      "relay.channel.sms.base-url, https://api.example.org",
      "relay.channel.webhook.url, https://hooks.example.org/a"
    })
    void guardsNoRealAddress(String name, String address) {
      sandboxWithCanvas();
      inFile(name + "=" + address);

      assertThat(problem()).startsWith(name + ": ").contains("the shipped sandbox token");
    }

    @Test
    void guardsNoneOutsideTheSandboxEither() {
      realWithCanvas();
      inFile("relay.source.canvas.token=a-token-of-ours, " + SettingsReader.SANDBOX_TOKEN);

      assertThat(problem())
          .startsWith("relay.channel.email.host: ")
          .contains("the shipped sandbox token");
    }

    @ParameterizedTest
    @CsvSource({
      "relay.channel.email.host, localhost",
      "relay.channel.email.host, ::1",
      "relay.channel.sms.base-url, http://127.0.0.2:8080",
      "relay.channel.webhook.url, http://[::1]:9000/a"
    })
    void mayGuardThisMachine(String name, String address) {
      sandboxWithCanvas();
      inFile(name + "=" + address);

      assertThat(problems()).isEmpty();
    }

    @Test
    void isNotNeededWhereEverySourceHasItsOwn() {
      inFile(
          "relay.source.canvas.token=a-token-of-ours",
          "relay.channel.webhook.url=https://hooks.example.org/a");

      assertThat(problems()).isEmpty();
    }
  }
}
