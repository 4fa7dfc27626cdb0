package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.AppointmentEvent;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.ContactPoint;
import io.appointmentrelay.appointment.Delivery;
import io.appointmentrelay.appointment.Nature;
import io.appointmentrelay.appointment.NoticeBuilder;
import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.Plan;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.appointment.ReplanReport;
import io.appointmentrelay.appointment.Run;
import io.appointmentrelay.enrichment.FhirServers;
import io.appointmentrelay.enrichment.SecondLook;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Invitations;
import io.appointmentrelay.messaging.Judge;
import io.appointmentrelay.messaging.Masked;
import io.appointmentrelay.messaging.Phi;
import io.appointmentrelay.messaging.QuietHours;
import io.appointmentrelay.messaging.Recipients;
import io.appointmentrelay.messaging.StaffAddresses;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.outbox.Aftermath;
import io.appointmentrelay.outbox.Composer;
import io.appointmentrelay.outbox.Freshness;
import io.appointmentrelay.outbox.OutboxComponent;
import io.appointmentrelay.outbox.OutboxMetrics;
import io.appointmentrelay.outbox.OutboxRunner;
import io.appointmentrelay.outbox.OutgoingMessage;
import io.appointmentrelay.outbox.Postman;
import io.appointmentrelay.outbox.RememberedRecipients;
import io.appointmentrelay.outbox.Replanner;
import io.appointmentrelay.outbox.Sending;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.store.AuditReport;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.Ledger;
import io.appointmentrelay.store.NewPart;
import io.appointmentrelay.store.Position;
import io.appointmentrelay.store.SqliteDatabase;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.WaitingPart;
import io.appointmentrelay.timeline.TimelineComponent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The relay between its two ports, with a clock of the test's: the shipped routes of {@code
 * routes/appointment}, the three components, the judge, the texts' engine and a real store. What
 * timers and threads do in the product is done here when the test says so, in one order, so that a
 * year passes in seconds and a run can be repeated.
 */
final class RelayByHand implements AutoCloseable {

  /** Where the process dies. */
  enum Death {
    /** A notification is accepted and its route has run; nothing is committed. */
    BEFORE_COMMIT,
    /** A message to a person is claimed and has not left. */
    BEFORE_LEAVING,
    /** A message to a person has left; that it did is not written down. */
    AFTER_LEAVING
  }

  /** An event as a system heard it. */
  record Event(String appointment, String kind) {}

  static final String SOURCE = "canvas";
  static final String GROUP = "clinic";
  private static final Path ROUTES = Path.of("routes");
  static final Path SHIPPED_TEXTS = ROUTES.resolve("channel").resolve("texts");
  private static final Set<String> NOT_OF_APPOINTMENTS = Set.of("slots", "unrecognised");
  private static final List<String> CHANNELS = List.of("email", "sms", "webhook");
  private static final Pattern EVENT =
      Pattern.compile("\"event\":\"(\\w+)\".*?\"identifier\":\"([^\"]+)\"");
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final StoppedClock clock = new StoppedClock();
  private final SqliteDatabase database;
  private final Store store;
  private final Sending sending;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ProducerTemplate template;
  private final Postman postman;
  private final Settings settings;
  private final BiConsumer<Delivery, OutgoingMessage> reader;
  private final List<Said> saidSoFar = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private Runnable afterEach = () -> {};
  private Death death;
  private Said overtaking;
  private Duration down = Duration.ZERO;

  /** With the test's own texts, so that messages and events can be read back. */
  RelayByHand(Path directory, Settings settings) throws Exception {
    this(directory, settings, testTexts(directory), null);
  }

  /**
   * With other texts.
   *
   * @param reader is handed everything that leaves; messages and events stay empty
   */
  RelayByHand(
      Path directory,
      Settings settings,
      Path textsDirectory,
      BiConsumer<Delivery, OutgoingMessage> reader)
      throws Exception {
    this.settings = settings;
    this.reader = reader;
    Texts texts = Texts.load(textsDirectory, Map.of("email", Phi.FULL, "sms", Phi.VISIT));
    this.database = SqliteDatabase.open("jdbc:sqlite:" + directory.resolve("relay.db"));
    this.store = Store.open(database, clock, settings.messaging().rebookWindow());
    this.sending = sending(texts);
    OutboxRunner notStarted =
        new OutboxRunner(
            store.outbox(),
            sending,
            new Aftermath(
                store.uncertain(), delivery -> "delivery-" + delivery.id(), settings, clock),
            clock);
    camel.addComponent("timeline", new TimelineComponent(store));
    camel.addComponent("outbox", new OutboxComponent(settings, texts, notStarted, Set.of(), clock));
    for (Path file : routeFiles()) {
      PluginHelper.getRoutesLoader(camel)
          .loadRoutes(ResourceHelper.resolveResource(camel, "file:" + file));
    }
    camel.start();
    this.template = camel.createProducerTemplate();
    this.postman = new Postman(camel, sending, Set.copyOf(CHANNELS));
  }

  private static Path testTexts(Path directory) throws IOException {
    Path texts = Files.createDirectories(directory.resolve("texts"));
    TestTexts.write(SHIPPED_TEXTS, texts);
    return texts;
  }

  private static List<Path> routeFiles() throws IOException {
    try (Stream<Path> files = Files.list(ROUTES.resolve("appointment"))) {
      return files
          .filter(
              file ->
                  !NOT_OF_APPOINTMENTS.contains(
                      file.getFileName().toString().replace(".camel.yaml", "")))
          .sorted()
          .toList();
    }
  }

  /** As the relay puts it together, with nobody to ask again and addresses that are made up. */
  private Sending sending(Texts texts) {
    Judge judge =
        new Judge(
            QuietHours.parse(settings.messaging().quietHours()),
            settings.messaging().tooLate(),
            settings.messaging().sendTestTraffic(),
            new Recipients(new Recipients.Rules(true, false, false)),
            StaffAddresses.NONE,
            Set.of(),
            new RememberedRecipients(store, settings.messaging().restraint()));
    Settings.Clinic clinic = settings.clinic();
    FhirServers nobody = FhirServers.none();
    return new Sending(
        store.outbox(),
        judge,
        new Freshness(
            new SecondLook(() -> nobody),
            settings.sources(),
            FOR_EVER,
            (source, bytes) -> CompletableFuture.completedFuture(null),
            clock),
        new Composer(
            texts,
            new Clinic(
                clinic.name(),
                clinic.phone(),
                clinic.zone(),
                clinic.region(),
                clinic.questionnaireUrl() == null ? null : clinic.questionnaireUrl().toString()),
            "en",
            new Invitations(store.installation(), settings.email().address()),
            store.outbox()::versions,
            store.installation(),
            clock),
        settings,
        new OutboxMetrics(new SimpleMeterRegistry()),
        clock);
  }

  // -- time ----------------------------------------------------------------------------------

  Instant now() {
    return clock.instant();
  }

  /** The clock shows something else, and nobody was there in between. */
  void clockShows(Instant time) {
    clock.set(time);
  }

  /** Lives until then, doing everything in its time; at once what is due already. */
  void livesUntil(Instant then) {
    while (true) {
      Instant limit = later(then, clock.instant());
      Optional<Delivery> next = nextDue(limit);
      if (next.isEmpty()) {
        clock.set(limit);
        return;
      }
      clock.set(later(next.get().due(), clock.instant()));
      if (!postman.turn(next.get(), this::takes)) {
        comesBack();
      }
      afterEach.run();
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Optional<Delivery> nextDue(Instant until) {
    return CHANNELS.stream()
        .flatMap(channel -> store.outbox().due(channel, until, 1).stream())
        .min(Comparator.comparing(Delivery::due).thenComparing(Delivery::id));
  }

  /** The next time it comes to that, the process dies and is back after a while. */
  void willDie(Death how, Duration downFor) {
    death = how;
    down = downFor;
  }

  /** What a process does at its start: whatever is in flight is nobody's. */
  private void takesOver() {
    store.uncertain().recover().join();
    // Nobody can be asked here: it is sent again, as on-uncertain=resend says.
    store
        .uncertain()
        .due(clock.instant(), Integer.MAX_VALUE)
        .forEach(one -> store.uncertain().planAgain(one).join());
  }

  /** While the next message to a person is in flight, this is heard. */
  void willHearInFlight(Said said) {
    overtaking = said;
  }

  private void comesBack() {
    death = null;
    clock.set(clock.instant().plus(down));
    takesOver();
    store.inbox().waitingAfter(new Position(0, 0), Integer.MAX_VALUE).forEach(this::run);
  }

  // -- what comes in -------------------------------------------------------------------------

  /** Takes a notification in and does what follows from it at once. */
  void hears(Said said) {
    saidSoFar.add(said);
    byte[] body = Integer.toString(saidSoFar.size() - 1).getBytes(StandardCharsets.UTF_8);
    byte[] number = said.number() == null ? null : said.number().getBytes(StandardCharsets.UTF_8);
    NewPart part = new NewPart(said.claim().word(), said.appointment(), said.appointment(), number);
    for (WaitingPart waiting :
        store.inbox().accept(SOURCE, clock.instant(), body, List.of(part)).join()) {
      if (death == Death.BEFORE_COMMIT) {
        planOf(waiting);
        comesBack();
      } else {
        run(waiting);
      }
    }
    afterEach.run();
  }

  /** As an operator enters it. */
  void optsOut(String recipient, Purpose purpose) {
    store
        .recipients()
        .optOut(Address.key(recipient), Masked.of(recipient), purpose, clock.instant())
        .join();
  }

  void optsInAgain(String recipient, Purpose purpose) {
    store.recipients().optIn(Address.key(recipient), purpose).join();
  }

  private void run(WaitingPart part) {
    store.inbox().commit(part, planOf(part)).join();
  }

  private Plan planOf(WaitingPart part) {
    String body = new String(store.inbox().body(part.position().message()), StandardCharsets.UTF_8);
    Said said = saidSoFar.get(Integer.parseInt(body));
    Plan plan = new Plan();
    Exchange exchange = new DefaultExchange(camel);
    exchange.setProperty(
        Run.PROPERTY,
        new Run(part.id(), SOURCE, GROUP, settings.clinic().zone(), part.receivedAt(), plan));
    exchange.getMessage().setBody(notice(said));
    through("timeline:" + said.claim().word(), exchange);
    if (exchange.getMessage().getBody() instanceof AppointmentEvent) {
      through("direct:appointment-event", exchange);
    }
    return plan;
  }

  private void through(String uri, Exchange exchange) {
    template.send(uri, exchange);
    if (exchange.getException() != null) {
      throw new IllegalStateException(exchange.getException());
    }
  }

  private static AppointmentNotice notice(Said said) {
    List<ContactPoint> contacts = new ArrayList<>();
    if (said.patient().email() != null) {
      contacts.add(ContactPoint.email(said.patient().email()));
    }
    if (said.patient().phone() != null) {
      contacts.add(ContactPoint.phone(said.patient().phone(), "mobile"));
    }
    NoticeBuilder notice =
        NoticeBuilder.bare(said.appointment())
            .start(said.start())
            .replaces(said.replaces())
            .oldStart(said.oldStart())
            .eventTime(said.when())
            .patient(
                new PatientProfile(
                    said.patient().reference(),
                    "Marigold",
                    "Featherstone",
                    null,
                    "en",
                    said.patient().zone(),
                    null,
                    null,
                    contacts));
    if (said.room() != null) {
      notice.location(new Party(said.room(), said.room()));
    }
    if (said.zone() != null) {
      notice.zone(said.zone().getId());
    }
    return notice.build();
  }

  /** What an operator's re-planning finds to change, and does. */
  ReplanReport replans() {
    return new Replanner(
            store.replans(),
            () -> camel,
            settings.clinic().zone(),
            new OutboxMetrics(new SimpleMeterRegistry()),
            clock)
        .run(true, null);
  }

  /** From now on looks after everything that is heard or sent. */
  void afterEach(Runnable look) {
    afterEach = look;
  }

  // -- what goes out -------------------------------------------------------------------------

  private boolean takes(Delivery delivery, OutgoingMessage message) {
    if (reader != null) {
      reader.accept(delivery, message);
      return true;
    }
    if (delivery.nature() == Nature.EVENT) {
      Matcher event = EVENT.matcher(message.text());
      if (!event.find()) {
        throw new IllegalStateException("An event names its kind and its appointment");
      }
      events.add(new Event(event.group(2), event.group(1)));
      return true;
    }
    if (death != Death.BEFORE_LEAVING) {
      messages.add(message(delivery, message));
    }
    if (overtaking != null && death != Death.BEFORE_COMMIT) {
      Said said = overtaking;
      overtaking = null;
      hears(said);
    }
    return death == null || death == Death.BEFORE_COMMIT;
  }

  private Message message(Delivery delivery, OutgoingMessage message) {
    String[] words = message.text().strip().split(";", -1);
    boolean move = words[0].equals("rescheduled");
    return new Message(
        clock.instant(),
        message.key(),
        delivery.channel(),
        delivery.root(),
        words[0],
        delivery.offset() == null ? "" : delivery.offset(),
        withoutZone(words[1]),
        move ? withoutZone(words[2]) : "",
        words[3]);
  }

  private static String withoutZone(String time) {
    int zone = time.indexOf(" (");
    return zone < 0 ? time : time.substring(0, zone);
  }

  /** What has left for people, in order; what was sent again after a crash is there again. */
  List<Message> messages() {
    return messages;
  }

  /** What systems heard, in order. */
  List<Event> events() {
    return events;
  }

  /** What the console shows. */
  ConsoleReads reads() {
    return new ConsoleReads(database);
  }

  AuditReport audit() {
    return new Ledger(database).audit();
  }

  /** Drops what is left of a life, so that another begins with nothing. */
  void forgets() {
    death = null;
    overtaking = null;
    messages.clear();
    events.clear();
    clock.set(Instant.EPOCH);
    takesOver();
    Instant never = Instant.EPOCH.plus(FOR_EVER);
    for (String channel : CHANNELS) {
      store
          .outbox()
          .due(channel, never, Integer.MAX_VALUE)
          .forEach(delivery -> store.outbox().cancel(delivery.id()).join());
    }
    for (WaitingPart part : store.inbox().waitingAfter(new Position(0, 0), Integer.MAX_VALUE)) {
      Plan plan = new Plan();
      plan.add(new Plan.Verdict.Parked("left over"));
      store.inbox().commit(part, plan).join();
    }
  }

  @Override
  public void close() {
    camel.stop();
    postman.close();
    store.close();
  }
}
