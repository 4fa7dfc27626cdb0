package io.appointmentrelay;

import static java.util.stream.Collectors.toSet;

import io.appointmentrelay.console.Asking;
import io.appointmentrelay.console.BrakeLever;
import io.appointmentrelay.console.Console;
import io.appointmentrelay.console.Housekeeping;
import io.appointmentrelay.console.WritebackDesk;
import io.appointmentrelay.door.Door;
import io.appointmentrelay.enrichment.FhirServers;
import io.appointmentrelay.enrichment.RedoxWriteback;
import io.appointmentrelay.enrichment.SecondLook;
import io.appointmentrelay.enrichment.WriteBack;
import io.appointmentrelay.inbox.Authenticate;
import io.appointmentrelay.inbox.InboxComponent;
import io.appointmentrelay.inbox.InboxMetrics;
import io.appointmentrelay.inbox.InboxRunner;
import io.appointmentrelay.inbox.Reception;
import io.appointmentrelay.intake.AnsweredNotification;
import io.appointmentrelay.intake.Doorkeeper;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Invitations;
import io.appointmentrelay.messaging.Judge;
import io.appointmentrelay.messaging.Phi;
import io.appointmentrelay.messaging.QuietHours;
import io.appointmentrelay.messaging.Recipients;
import io.appointmentrelay.messaging.StaffAddresses;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.outbox.Aftermath;
import io.appointmentrelay.outbox.Composer;
import io.appointmentrelay.outbox.Freshness;
import io.appointmentrelay.outbox.MailParts;
import io.appointmentrelay.outbox.OnlyPlanning;
import io.appointmentrelay.outbox.OutboxComponent;
import io.appointmentrelay.outbox.OutboxMetrics;
import io.appointmentrelay.outbox.OutboxRunner;
import io.appointmentrelay.outbox.PublicTarget;
import io.appointmentrelay.outbox.RememberedRecipients;
import io.appointmentrelay.outbox.Replanner;
import io.appointmentrelay.outbox.Sending;
import io.appointmentrelay.outbox.StandardWebhooks;
import io.appointmentrelay.outbox.TwilioForm;
import io.appointmentrelay.outbox.TwilioMessages;
import io.appointmentrelay.outbox.Writebacks;
import io.appointmentrelay.polling.Hearing;
import io.appointmentrelay.polling.PollComponent;
import io.appointmentrelay.polling.Polls;
import io.appointmentrelay.polling.Reconciler;
import io.appointmentrelay.polling.SilenceWatch;
import io.appointmentrelay.routes.EndpointUri;
import io.appointmentrelay.routes.Routes;
import io.appointmentrelay.routes.RoutesInForce;
import io.appointmentrelay.sandbox.SandboxFhirServer;
import io.appointmentrelay.sandbox.SandboxMailbox;
import io.appointmentrelay.sandbox.SandboxMessages;
import io.appointmentrelay.sandbox.SandboxRedox;
import io.appointmentrelay.sandbox.SandboxSmsGateway;
import io.appointmentrelay.sandbox.SandboxWebhookReceiver;
import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.Database;
import io.appointmentrelay.store.Ledger;
import io.appointmentrelay.store.Planned;
import io.appointmentrelay.store.PurgeLimits;
import io.appointmentrelay.store.SealingKey;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesComponent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay, serving. The port for senders opens last, when everything behind it is ready, and
 * closes first; what runs and what is being sent is finished before the store closes.
 */
public final class Relay implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** A stop takes no longer than this; the process sees to it. */
  static final Duration STOP_WITHIN = Duration.ofSeconds(30);

  /** For all that runs and all that is being sent together: the rest of a stop takes time too. */
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(25);

  private static final int ROUTE_COMES_WITHIN_MILLIS = 5_000;

  /** Camel's own patience, when everything has ended or has been given up. */
  private static final int ROUTES_STOP_WITHIN_SECONDS = 2;

  private final Settings settings;
  private final Clock clock;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OutboxMetrics outboxMetrics = new OutboxMetrics(metrics);
  private final Database database;
  private final Store store;
  private final StaffAddresses staff;
  private final Texts texts;
  private final Map<String, Doorkeeper> doorkeepers = new HashMap<>();
  private final RepliesHeard replies;
  private final Door door;
  private final InboxRunner inbox;
  private final Freshness freshness;
  private final OutboxRunner outbox;
  private final Reception reception;
  private final FoundNotifications findings;
  private final GapFiller gaps;
  private final Hearing hearing;
  private final Polls polls;
  private final Reconciler reconciler;
  private final SilenceWatch silences;
  private final DailyPurge dailyPurge;
  private final @Nullable SandboxMessages sandboxMessages;
  private final @Nullable SandboxFhirServer sandboxFhirServer;
  private final @Nullable SandboxMailbox mailbox;
  private final Map<String, String> placeholders;
  private final Main camel = new Main();
  private FhirServers fhirServers = FhirServers.none();
  private @Nullable RedoxQueries redox;
  private @Nullable Routes routes;

  private Relay(Settings settings, Path routesDirectory, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.staff = staffAddresses(settings);
    // The store migrates while the texts compile.
    CompletableFuture<Texts> compiling =
        CompletableFuture.supplyAsync(
            () ->
                Texts.load(
                    routesDirectory.resolve("channel").resolve("texts"), phiLimits(settings)));
    this.database = store(settings).open();
    this.store = Store.open(database, clock, settings.messaging().rebookWindow());
    if (settings.messaging().restraint().brake().equals("none")) {
      // One that is taken out holds nothing, and says so.
      store.brake().release(clock.instant()).join();
    }
    settings
        .sources()
        .forEach(
            (name, source) -> {
              // Who is asked sends nothing: an address that nobody reads would be retried for ever.
              if (!SourceKinds.isPolled(source.kind())) {
                doorkeepers.put(
                    name, new Doorkeeper(source.tokens(), SourceKinds.signs(source.kind())));
              }
            });
    this.replies = new RepliesHeard(settings, store, this::publicUrl);
    doorkeepers.putAll(replies.doorkeepers());
    this.door = new Door(settings, doorkeepers);
    this.sandboxMessages = settings.sandbox() ? new SandboxMessages(clock) : null;
    this.sandboxFhirServer = settings.sandbox() ? new SandboxFhirServer(clock, this::echo) : null;
    this.mailbox = sandboxMessages == null ? null : openMailbox(sandboxMessages);
    this.placeholders = withSandboxPort();
    this.texts = compiling.join();
    this.freshness =
        new Freshness(
            new SecondLook(() -> fhirServers),
            settings.sources(),
            settings.enrichment().maxAge(),
            this::takeIn,
            clock);
    Composer composer = composer();
    this.outbox =
        new OutboxRunner(
            store.outbox(),
            sending(composer),
            new Aftermath(store.uncertain(), composer::key, settings, clock),
            clock);
    InboxMetrics inboxMetrics = new InboxMetrics(metrics);
    this.inbox =
        new InboxRunner(
            store.inbox(),
            settings.inboxRetry(),
            settings.giveUp(),
            clock,
            inboxMetrics,
            this::planned);
    this.reception =
        new Reception(store.inbox(), inbox, inboxMetrics, clock, ForkJoinPool.commonPool());
    Source phones = replies.sources().get(RepliesHeard.SMS);
    if (sandboxMessages != null && phones != null) {
      sandboxMessages.phones(
          (from, to, words) ->
              reception.accept(phones, RepliesHeard.textMessage(from, to, words)).join());
    }
    this.findings = new FoundNotifications(settings.sources(), reception, store.subscriptions());
    this.gaps =
        new GapFiller(
            store.subscriptions(),
            () -> fhirServers,
            findings,
            settings.enrichment().catchUp(),
            settings.giveUp(),
            clock);
    this.hearing = new Hearing(store.silences(), clock);
    this.polls = new Polls(store, () -> fhirServers, this::takeInFound, metrics, clock);
    this.reconciler =
        new Reconciler(
            settings.sources(), store, () -> fhirServers, this::takeInFound, hearing, clock);
    this.silences =
        new SilenceWatch(
            settings.sources(),
            store.silences(),
            hearing,
            new SourceNews(camel::getCamelContext, settings.webhook().url(), store.installation()),
            clock);
    this.dailyPurge =
        new DailyPurge(
            store.purges(), now -> purgeLimits(settings, now), settings.clinic().zone(), clock);
    Gauges.register(metrics, database, store, clock);
    Gauges.register(metrics, store.silences(), settings.sources().keySet());
    sourcesThatNumberEvents()
        .forEach(source -> Gauges.register(metrics, store.subscriptions(), source));
    door.measure(metrics);
  }

  /**
   * Starts serving; returns when the port for senders is open.
   *
   * @param routesDirectory where the route files are
   */
  public static Relay start(Settings settings, Path routesDirectory, Clock clock) {
    Relay relay = new Relay(settings, routesDirectory, clock);
    try {
      relay.serve(routesDirectory);
      return relay;
    } catch (RuntimeException e) {
      relay.close();
      throw e;
    }
  }

  static StoreAddress store(Settings settings) {
    Settings.StoreLogin login = settings.storeLogin();
    List<SealingKey> keys =
        settings.storeKeys().stream().map(key -> new SealingKey(key.id(), key.key())).toList();
    return new StoreAddress(settings.storeUrl(), login.user(), login.password(), keys);
  }

  static PurgeLimits purgeLimits(Settings settings, Instant now) {
    Settings.Retention kept = settings.retention();
    return PurgeLimits.of(
        now, settings.clinic().zone(), kept.bodies(), kept.deliveries(), kept.timeline());
  }

  /** Each source with the feeds it speaks of the same appointments with. */
  static Map<String, String> groups(Settings settings) {
    Map<String, String> groups = new HashMap<>();
    settings.sources().forEach((name, source) -> groups.put(name, source.group()));
    return groups;
  }

  private void serve(Path routesDirectory) {
    camel.configure().withShutdownTimeout(ROUTES_STOP_WITHIN_SECONDS);
    camel.configure().setStartupSummaryLevel(org.apache.camel.StartupSummaryLevel.Off);
    camel.configure().withRoutesIncludePattern("false");
    camel.setDefaultPropertyPlaceholderLocation("false");
    camel.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterConfigure(BaseMainSupport main) {
            CamelContext context = main.getCamelContext();
            context.setSourceLocationEnabled(true);
            routes =
                Routes.load(
                    routesDirectory,
                    new RoutesInForce(
                        settings.sandbox(), sourcesThatAreOff(), settings.replies().on()),
                    context,
                    Relay.this::furnish,
                    texts);
          }
        });
    door.openPrivate(new Console(collaborators(), settings.access().users()));
    fhirServers =
        FhirServers.of(sourcesWithSandboxPort(), settings.enrichment(), findings, metrics, clock);
    redox =
        new RedoxQueries(
            sourcesWithSandboxPort(), reception, store, new ConsoleReads(database), clock);
    camel.start();
    outbox.start();
    inbox.start();
    door.openPublic();
    if (!sourcesThatNumberEvents().isEmpty()) {
      gaps.start();
    }
    reconciler.start();
    silences.start(Duration.ofSeconds(settings.sandbox() ? 1 : 10));
    dailyPurge.start();
    fhirServers.warmUp();
    if (settings.reloadRoutes() && routes != null) {
      routes.watch();
    }
  }

  private void furnish(CamelContext context, Texts textsToName) {
    Properties properties = new Properties();
    properties.putAll(placeholders);
    PropertiesComponent component = context.getPropertiesComponent();
    component.setOverrideProperties(properties);
    Map<String, Source> sources = settings.sources();
    Map<String, Source> heard = new LinkedHashMap<>(sources);
    heard.put(AnsweredNotification.SOURCE, answeredSource(AnsweredNotification.SOURCE));
    heard.putAll(replies.sources());
    context.addComponent("inbox", new InboxComponent(heard, reception, inbox, hearing::heard));
    context.addComponent("poll", new PollComponent(sources, polls));
    context.addComponent("timeline", new io.appointmentrelay.timeline.TimelineComponent(store));
    context.addComponent(
        "outbox",
        new OutboxComponent(
            settings, textsToName, outbox, silentChannels(), this::tellsOfSlots, clock));
    // While files are reloaded a route is away for a moment; who waits for it longer holds up
    // others.
    context.getComponent("direct", DirectComponent.class).setTimeout(ROUTE_COMES_WITHIN_MILLIS);
    PublicTarget publicTarget =
        new PublicTarget(settings.webhook().url(), settings.webhook().allowPrivate());
    for (String scheme : Set.of("http", "https")) {
      context
          .getComponent(scheme, HttpComponent.class)
          .setHttpClientConfigurer(
              // A retry below the outbox would not be counted, nor wait as the other end asked.
              client ->
                  client
                      .setRoutePlanner(publicTarget)
                      .disableAutomaticRetries()
                      .disableRedirectHandling()
                      .disableCookieManagement());
    }
    context.getCamelContextExtension().addInterceptStrategy(new OnlyPlanning());
    fhirServers.bind(context.getRegistry());
    if (redox != null) {
      new RedoxSteps(clock).bind(redox, context.getRegistry());
    }
    bind(context, "platform-http-engine", door);
    bind(context, "authenticate", new Authenticate(heard, doorkeepers));
    bind(context, "mailParts", new MailParts());
    bind(context, "twilioForm", new TwilioForm(placeholder("relay.channel.sms.from")));
    bind(context, "twilioMessages", new TwilioMessages());
    bind(
        context,
        "writeBack",
        new WriteBack(() -> fhirServers, new RedoxWriteback(settings.clinic().name(), clock)));
    bind(
        context,
        "standardWebhooks",
        new StandardWebhooks(settings.webhook().url(), settings.webhook().secret(), clock));
    replies.beans(texts, clinic(), clock).forEach((name, bean) -> bind(context, name, bean));
    if (sandboxMessages != null && sandboxFhirServer != null) {
      bind(context, "sandboxFhirServer", sandboxFhirServer);
      bind(context, "sandboxClinic", sandboxFhirServer.clinic());
      bind(context, "sandboxRedox", new SandboxRedox(clock));
      bind(context, "sandboxSmsGateway", new SandboxSmsGateway(sandboxMessages));
      bind(context, "sandboxWebhookReceiver", new SandboxWebhookReceiver(sandboxMessages));
    }
  }

  /** What is answered has no door of its own, and belongs to the group of its appointment. */
  private Source answeredSource(String group) {
    return new Source(
        AnsweredNotification.SOURCE,
        AnsweredNotification.SOURCE,
        List.of(),
        settings.clinic().zone(),
        settings.clinic().region(),
        group,
        null);
  }

  /** The make-believe EHR tells of what was written to it, as its sender would. */
  private void echo(String source, byte[] notification) {
    Source sender = settings.sources().get(source);
    if (sender != null) {
      reception.accept(sender, notification).join();
    }
  }

  private static void bind(CamelContext context, String name, Object bean) {
    context.getRegistry().bind(name, bean);
  }

  private List<String> sourcesThatNumberEvents() {
    return settings.sources().values().stream()
        .filter(source -> SourceKinds.numbersEvents(source.kind()))
        .map(Source::name)
        .toList();
  }

  /**
   * Configured sources of which nothing is taken in: no route begins with {@code inbox:} and the
   * name, or nothing writes to {@code poll:} and the name of one that is asked.
   */
  public List<String> unheardSources() {
    CamelContext context = camel.getCamelContext();
    Set<String> reads = new HashSet<>();
    context.getRoutes().forEach(route -> reads.add(name(route.getEndpoint(), "inbox:")));
    Set<String> polls = new HashSet<>();
    context.getEndpoints().forEach(endpoint -> polls.add(name(endpoint, "poll:")));
    return settings.sources().values().stream()
        .filter(
            source ->
                !reads.contains(source.name())
                    || (SourceKinds.isPolled(source.kind()) && !polls.contains(source.name())))
        .map(Source::name)
        .sorted()
        .toList();
  }

  private static String name(Endpoint endpoint, String scheme) {
    String uri = EndpointUri.name(endpoint.getEndpointUri());
    return uri.startsWith(scheme) ? uri.substring(scheme.length()) : "";
  }

  private Set<String> sourcesThatAreOff() {
    Set<String> off = new HashSet<>(SourceKinds.offByDefault());
    off.removeAll(settings.sources().keySet());
    return off;
  }

  private Set<String> silentChannels() {
    Set<String> silent = new HashSet<>();
    if (settings.webhook().url() == null) {
      silent.add("webhook");
    }
    if (settings.sms().baseUrl() == null) {
      silent.add("sms");
    }
    return silent;
  }

  private CompletableFuture<?> takeIn(Source source, byte[] notification) {
    return reception.accept(source, notification);
  }

  /** What a source that tells nothing itself is found to have is what it says. */
  private CompletableFuture<?> takeInFound(Source source, byte[] notification) {
    if (source.kind().equals(SourceKinds.FHIR_POLL)) {
      hearing.heard(source.name());
    }
    return takeIn(source, notification);
  }

  private Composer composer() {
    return new Composer(
        texts,
        clinic(),
        settings.staff().language(),
        new Invitations(store.installation(), settings.email().address()),
        store.outbox()::versions,
        store.installation(),
        clock,
        settings.replies().on() && texts.hasReplies() ? replies.offers() : null);
  }

  private Sending sending(Composer composer) {
    Settings.Restraint restraint = settings.messaging().restraint();
    Judge judge =
        new Judge(
            QuietHours.parse(settings.messaging().quietHours()),
            settings.messaging().tooLate(),
            settings.messaging().sendTestTraffic(),
            new Recipients(
                new Recipients.Rules(
                    settings.sandbox(), restraint.requireConsent(), restraint.contactPersons())),
            staff,
            allowed(restraint.allow()),
            new RememberedRecipients(store, restraint));
    return new Sending(store.outbox(), judge, freshness, composer, settings, outboxMetrics, clock);
  }

  private static StaffAddresses staffAddresses(Settings settings) {
    List<StaffAddresses.Desk> desks =
        settings.staff().desks().stream()
            .map(desk -> new StaffAddresses.Desk(desk.location(), desk.email(), desk.phone()))
            .toList();
    try {
      return StaffAddresses.of(desks, settings.sandbox(), settings.clinic().region());
    } catch (IllegalArgumentException unreachable) {
      throw new InvalidSettings(List.of(unreachable.getMessage()));
    }
  }

  /** One that cannot be written to stays in: an empty list would allow everybody. */
  private Set<String> allowed(List<String> recipients) {
    return recipients.stream()
        .map(written -> Address.read(written, settings.clinic().region()).orElse(written))
        .collect(toSet());
  }

  private static Map<String, Phi> phiLimits(Settings settings) {
    return Map.of(
        "email", Phi.of(settings.email().phi()).orElse(Phi.NONE),
        "sms", Phi.of(settings.sms().phi()).orElse(Phi.NONE));
  }

  private Clinic clinic() {
    Settings.Clinic clinic = settings.clinic();
    return new Clinic(
        clinic.name(),
        clinic.phone(),
        clinic.zone(),
        clinic.region(),
        clinic.questionnaireUrl() == null ? null : clinic.questionnaireUrl().toString());
  }

  private Console.Collaborators collaborators() {
    Map<String, String> groups = groups(settings);
    return new Console.Collaborators(
        door.vertx(),
        new ConsoleReads(database),
        new Ledger(database),
        store.outbox(),
        store.recipients(),
        new BrakeLever(store.brake(), settings.messaging().restraint().brake(), clock),
        settings.clinic().region(),
        settings.clinic().zone(),
        inbox::replay,
        delivery -> {},
        metrics,
        new HealthChecks(
            store,
            database,
            () -> fhirServers.health(),
            door::certificate,
            settings.sources().values(),
            clock),
        sandboxMessages,
        groups,
        new TextPreviews(texts, clinic()),
        new Replanner(
                store.replans(),
                camel::getCamelContext,
                settings.clinic().zone(),
                outboxMetrics,
                clock)
            ::run,
        writebackDesk(),
        new Console.Reconciling(store.reconciliations(), reconciler::ask),
        redoxByRoutes(),
        new Housekeeping(store, now -> purgeLimits(settings, now), groups, clock),
        new SourceStates(settings.sources().values(), store),
        clock);
  }

  private WritebackDesk writebackDesk() {
    return new WritebackDesk(
        store::appointment,
        (appointment, answer) -> Writebacks.target(settings, appointment, answer).isPresent(),
        settings.messaging().sendTestTraffic(),
        (appointment, answer) ->
            reception
                .accept(
                    answeredSource(appointment.group()),
                    AnsweredNotification.of(
                        answer,
                        appointment.group(),
                        appointment.identifier(),
                        appointment.version()))
                .thenApply(kept -> kept.get(0).id()),
        clock);
  }

  /** What is asked over HTTP takes the routes that an engineer calls, and may have changed. */
  private Asking.Ehrs redoxByRoutes() {
    Set<String> askable =
        settings.sources().values().stream()
            .filter(source -> source.query() != null)
            .map(Source::name)
            .collect(toSet());
    return new RedoxByRoutes(askable, camel::getCamelContext);
  }

  /** Freed slots are told of where a source of the group tells of slots. */
  private boolean tellsOfSlots(String group) {
    return store.tellsOfSlots(
        settings.sources().values().stream()
            .filter(source -> source.group().equals(group))
            .map(Source::name)
            .toList());
  }

  private static SandboxMailbox openMailbox(SandboxMessages messages) {
    SandboxMailbox mailbox = new SandboxMailbox(0, messages);
    mailbox.start();
    return mailbox;
  }

  private Map<String, String> withSandboxPort() {
    Map<String, String> all = new HashMap<>(settings.placeholders());
    if (mailbox != null && settings.email().ownMailbox()) {
      all.put("relay.channel.email.port", String.valueOf(mailbox.port()));
    }
    return all;
  }

  /** Where the console listens is known only now, if it was to be any free port. */
  private Map<String, Source> sourcesWithSandboxPort() {
    Map<String, Source> sources = new LinkedHashMap<>();
    settings.sources().forEach((name, source) -> sources.put(name, source.at(door.privatePort())));
    return sources;
  }

  /** By which the public port is reached from outside; in the sandbox it is where it listens. */
  private URI publicUrl() {
    URI set = settings.replies().publicUrl();
    return set != null ? set : URI.create("http://127.0.0.1:" + door.publicPort());
  }

  private String placeholder(String name) {
    return placeholders.getOrDefault(name, "");
  }

  public int httpPort() {
    return door.publicPort();
  }

  public int consolePort() {
    return door.privatePort();
  }

  private void planned(Planned planned) {
    outbox.offer(planned.dueNow());
    planned.unsaid().forEach(one -> outboxMetrics.suppressed(one.channel(), one.reason().words()));
  }

  /** Stops taking, finishes what runs and what is being sent, closes the store. */
  @Override
  public void close() {
    door.drain();
    polls.stop();
    reconciler.close();
    silences.close();
    if (routes != null) {
      routes.close();
    }
    inbox.halt();
    outbox.halt();
    long begun = System.nanoTime();
    boolean ranToTheEnd = inbox.drain(FINISH_WITHIN);
    boolean sentToTheEnd =
        outbox.drain(FINISH_WITHIN.minusNanos(Math.max(0, System.nanoTime() - begun)));
    if (!ranToTheEnd || !sentToTheEnd) {
      LOG.warn("Not everything ended within {}; it goes on after the next start", FINISH_WITHIN);
    }
    gaps.close();
    dailyPurge.close();
    camel.stop();
    inbox.close();
    outbox.close();
    freshness.close();
    fhirServers.close();
    if (redox != null) {
      redox.close();
    }
    door.close();
    if (mailbox != null) {
      mailbox.close();
    }
    store.close();
  }
}
