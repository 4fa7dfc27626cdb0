package io.appointmentrelay.console;

import io.appointmentrelay.appointment.EhrAnswer;
import io.appointmentrelay.appointment.ReplanReport;
import io.appointmentrelay.appointment.Writeback;
import io.appointmentrelay.fhir.FhirOut;
import io.appointmentrelay.sandbox.SandboxMessages;
import io.appointmentrelay.store.AccessStore.What;
import io.appointmentrelay.store.AuditReport;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.AccessFilter;
import io.appointmentrelay.store.ConsoleReads.AppointmentFilter;
import io.appointmentrelay.store.ConsoleReads.DeliveryFilter;
import io.appointmentrelay.store.ConsoleReads.NotificationFilter;
import io.appointmentrelay.store.ConsoleReads.SlotFilter;
import io.appointmentrelay.store.Ledger;
import io.appointmentrelay.store.OutboxStore;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.Position;
import io.appointmentrelay.store.RecipientStore;
import io.appointmentrelay.store.ReconciliationStore;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves every address of the console. Reads run on its own few threads, so that it neither holds
 * up an event loop nor takes the threads that the sandbox's ends run on.
 */
public final class Console implements Handler<HttpServerRequest> {

  /**
   * What the console works with.
   *
   * @param replay takes a parked part back in; false: it is not parked
   * @param deliveryPlanned is told the id of a delivery that is due again
   * @param health may look at the store, and wait for it
   * @param sandboxMessages absent outside the sandbox
   * @param recipients who does not want to be written to
   * @param brake holds messages to people when too many leave
   * @param region the country of numbers that name none, as ISO 3166
   * @param zone the clinic's, for days and times without an offset
   * @param groupsOfSources one that is not in it is its own group
   * @param previews words texts for nobody
   * @param replans what the routes in force would change among what waits
   * @param writebacks takes answers to appointments, for their EHRs
   * @param reconciling compares a source's FHIR server with what is known
   * @param ehrs who can be asked for slots and visits
   * @param housekeeping what is kept, of whom, and who sees it
   * @param sources how the configured sources are; may look at the store, and wait for it
   */
  public record Collaborators(
      Vertx vertx,
      ConsoleReads reads,
      Ledger ledger,
      OutboxStore outbox,
      RecipientStore recipients,
      BrakeLever brake,
      String region,
      ZoneId zone,
      Function<Position, CompletableFuture<Boolean>> replay,
      LongConsumer deliveryPlanned,
      PrometheusMeterRegistry metrics,
      Supplier<Health> health,
      @Nullable SandboxMessages sandboxMessages,
      Map<String, String> groupsOfSources,
      TextPreview.Source previews,
      Replans replans,
      WritebackDesk writebacks,
      Reconciling reconciling,
      Asking.Ehrs ehrs,
      Housekeeping housekeeping,
      Supplier<List<SourceState>> sources,
      Clock clock) {

    public Collaborators {
      groupsOfSources = Map.copyOf(groupsOfSources);
    }
  }

  /** Holds what waits against the routes in force. */
  public interface Replans {
    /**
     * Looks at some visits to come, and if confirmed changes what differs.
     *
     * @param after the {@code next} of the page before
     */
    ReplanReport run(boolean confirm, @Nullable String after);
  }

  /** The comparisons that were asked for, and who asks for another. */
  public record Reconciling(ReconciliationStore store, Beginning asking) {
    /** Begins one. */
    public interface Beginning {
      /**
       * Completes with its id; empty: there is no such source, or it has no FHIR server.
       *
       * @param from the first day of visits; absent: as is usual
       * @param to the last one
       */
      Optional<Long> ask(String source, @Nullable LocalDate from, @Nullable LocalDate to);
    }
  }

  private interface Reading {
    Object read(Parameters parameters);
  }

  /** As many as there are pooled read connections: more would only wait for one. */
  private static final int THREADS = 4;

  private static final int ASKERS = 2;

  private static final int BODY_AT_MOST = 64 * 1024;

  private final Collaborators collaborators;
  private final ConsoleReads reads;
  private final Operations operations;
  private final WorkerExecutor workers;

  /** An EHR takes its time, and nobody else is to wait for it. */
  private final WorkerExecutor askers;

  private final Asking asking;
  private final Runs runs;
  private final Router router;
  private final AtomicReference<@Nullable Future<AuditReport>> counting = new AtomicReference<>();

  /** A console that asks nobody who they are, and answers on this machine alone. */
  public Console(Collaborators collaborators) {
    this(collaborators, Map.of());
  }

  /**
   * A console for these users.
   *
   * @param users name to hashed password; none: whoever is on this machine
   */
  public Console(Collaborators collaborators, Map<String, String> users) {
    this.collaborators = collaborators;
    this.reads = collaborators.reads();
    this.operations = new Operations(collaborators);
    this.workers = collaborators.vertx().createSharedWorkerExecutor("console", THREADS);
    this.askers = collaborators.vertx().createSharedWorkerExecutor("console-asking", ASKERS);
    this.asking = new Asking(collaborators.ehrs(), collaborators.clock());
    this.runs = new Runs(collaborators.vertx(), workers, reads);
    this.router = Router.router(collaborators.vertx());
    router
        .route()
        .handler(
            users.isEmpty()
                ? new LoopbackOnly()
                : new Login(collaborators.vertx(), users, collaborators.clock()));
    router.route().handler(new SameOrigin());
    Pages.addTo(router);
    new FhirPages(
            new FhirOut(
                reads,
                Set.copyOf(collaborators.groupsOfSources().values()),
                collaborators.zone(),
                collaborators.clock()),
            collaborators.housekeeping(),
            workers)
        .addTo(router);
    addInbox();
    addAppointments();
    addOutbox();
    addRestraint();
    addReconciliations();
    addHousekeeping();
    addObservation();
    router.route().failureHandler(Console::failed);
    router.errorHandler(404, Console::unknown);
    router.errorHandler(405, Console::wrongMethod);
    router.errorHandler(400, Console::failed);
  }

  @Override
  public void handle(HttpServerRequest request) {
    request
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("X-Frame-Options", "DENY");
    router.handle(request);
  }

  private void addInbox() {
    get(
        "/api/notifications",
        asked ->
            reads.notifications(
                new NotificationFilter(
                    asked.text("source"),
                    asked.oneOf("status", Words.NOTIFICATION_STATUSES),
                    asked.text("appointment"),
                    asked.time("from"),
                    asked.time("to")),
                asked.page()));
    get(
        "/api/notifications/:id",
        asked -> {
          Position position = asked.notification();
          return collaborators
              .housekeeping()
              .seen(asked, What.NOTIFICATION, position.id(), reads.notificationWithBody(position));
        });
    post("/api/notifications/:id/replay", asked -> operations.replay(asked.notification()));
    get("/api/subscriptions", asked -> reads.subscriptions());
    get("/api/sources", asked -> new Page<>(collaborators.sources().get(), null));
  }

  private void addAppointments() {
    ask("/api/appointments", asking::forVisits, this::appointments);
    get("/api/appointments", this::appointments);
    get(
        "/api/appointments/:source/:identifier",
        asked -> {
          String source = asked.path("source");
          String group = group(asked);
          String identifier = asked.path("identifier");
          return collaborators
              .housekeeping()
              .seen(
                  asked,
                  What.APPOINTMENT,
                  source + "/" + identifier,
                  reads.appointment(group, identifier));
        });
    get(
        "/api/appointments/:source/:identifier/writeback",
        asked -> collaborators.writebacks().choices(group(asked), asked.path("identifier")));
    for (Writeback answer : Writeback.values()) {
      post(
          "/api/appointments/:source/:identifier/" + answer.word(),
          asked ->
              collaborators
                  .writebacks()
                  .take(answer, group(asked), asked.path("identifier"), asked.version()));
    }
    ask("/api/slots", asking::forSlots, this::slots);
    get("/api/slots", this::slots);
    router
        .post("/api/slots/push")
        .handler(BodyHandler.create(false).setBodyLimit(BODY_AT_MOST))
        .handler(context -> run(askers, context, asking::push));
  }

  private Page<ConsoleReads.Appointment> appointments(Parameters asked) {
    Page<ConsoleReads.Appointment> page =
        reads.appointments(
            new AppointmentFilter(
                asked.text("source"),
                asked.text("status"),
                asked.text("patient"),
                asked.time("from"),
                asked.time("to")),
            asked.page());
    return collaborators
        .housekeeping()
        .seen(
            asked,
            What.APPOINTMENTS,
            asked.given(List.of("ask", "source", "status", "patient", "from", "to")),
            page,
            one -> one.source() + "/" + one.identifier());
  }

  private Page<ConsoleReads.Delivery> deliveries(Parameters asked) {
    Page<ConsoleReads.Delivery> page =
        reads.deliveries(
            new DeliveryFilter(
                asked.oneOf("status", Words.DELIVERY_STATUSES),
                asked.text("channel"),
                asked.text("appointment")),
            asked.page());
    return collaborators
        .housekeeping()
        .seen(
            asked,
            What.DELIVERIES,
            asked.given(List.of("status", "channel", "appointment")),
            page,
            one -> String.valueOf(one.id()));
  }

  /** One with why it is as it is, when it is on disk who sees it. */
  private Optional<ConsoleReads.DeliveryWithWhy> delivery(Parameters asked) {
    long id = asked.delivery();
    return collaborators
        .housekeeping()
        .seen(asked, What.DELIVERY, String.valueOf(id), reads.delivery(id));
  }

  /** A delivery is shown with what became of it: who changes it sees it. */
  private ConsoleReads.DeliveryWithWhy change(
      Parameters asked, LongFunction<ConsoleReads.DeliveryWithWhy> change) {
    delivery(asked);
    return change.apply(asked.delivery());
  }

  private Page<ConsoleReads.Slot> slots(Parameters asked) {
    return reads.slots(
        new SlotFilter(
            asked.time("from"), asked.time("to"), asked.text("provider"), asked.text("location")),
        asked.page());
  }

  /**
   * A list that begins with a question to an EHR, where one is wished for. It is made when what was
   * answered has run, or after a while without it.
   */
  private <T> void ask(
      String path, Function<Parameters, EhrAnswer> question, Function<Parameters, Page<T>> list) {
    router
        .get(path)
        .handler(
            context -> {
              if (new Parameters(context).text("ask") == null) {
                context.next();
                return;
              }
              SameOrigin.mustBeHere(context.request());
              Parameters asked = new Parameters(context);
              askers
                  .executeBlocking(
                      () -> {
                        asked.oneOf("ask", Asking.WHOM);
                        return question.apply(asked);
                      },
                      false)
                  .compose(answer -> runs.ended(answer.notifications()).map(answer))
                  .compose(
                      answer ->
                          workers.executeBlocking(
                              () -> Asking.page(list.apply(asked), answer), false))
                  .onSuccess(page -> Answers.json(context, 200, page))
                  .onFailure(failure -> Answers.failure(context, failure));
            });
  }

  private String group(Parameters asked) {
    String source = asked.path("source");
    return collaborators.groupsOfSources().getOrDefault(source, source);
  }

  private void addOutbox() {
    get("/api/deliveries", this::deliveries);
    get("/api/deliveries/:id", this::delivery);
    post("/api/deliveries/:id/retry", asked -> change(asked, operations::retry));
    post("/api/deliveries/:id/cancel", asked -> change(asked, operations::cancel));
    post(
        "/api/replan",
        asked -> collaborators.replans().run(asked.isConfirmed(), asked.text("after")));
    get(
        "/api/texts/preview",
        asked ->
            TextPreview.of(
                collaborators.previews(),
                asked.text("text"),
                asked.text("language"),
                asked.text("channel")));
    SandboxMessages messages = collaborators.sandboxMessages();
    if (messages != null) {
      get(
          "/api/sandbox/messages",
          asked -> new Page<>(messages.all(asked.oneOf("channel", Words.SANDBOX_CHANNELS)), null));
      post("/api/sandbox/messages/:number/reply", new SandboxReply(messages)::write);
    }
  }

  private void addRestraint() {
    OptOuts optOuts =
        new OptOuts(collaborators.recipients(), collaborators.region(), collaborators.clock());
    get("/api/brake", asked -> collaborators.brake().view());
    post("/api/brake/release", asked -> collaborators.brake().release());
    get(
        "/api/opt-outs",
        asked -> collaborators.housekeeping().seenOptOuts(asked, optOuts.list(asked.page())));
    post("/api/opt-outs", optOuts::add);
    change(router.delete("/api/opt-outs"), optOuts::remove);
  }

  private void addReconciliations() {
    Reconciliations reconciliations = new Reconciliations(collaborators.reconciling());
    get("/api/reconciliations", asked -> reconciliations.newest(asked.page()));
    get("/api/reconciliations/:id", asked -> reconciliations.one(asked.number("id")));
    post("/api/reconciliations", reconciliations::ask);
  }

  private void addHousekeeping() {
    Housekeeping housekeeping = collaborators.housekeeping();
    get(
        "/api/accesses",
        asked ->
            reads.accesses(
                new AccessFilter(asked.time("from"), asked.time("to"), asked.text("user")),
                asked.page()));
    post("/api/keys/rotate", housekeeping::rotate);
    post("/api/purge", housekeeping::purge);
    post("/api/erase", housekeeping::erase);
  }

  private void addObservation() {
    router.get("/api/ledger").handler(this::ledger);
    router
        .get("/observe/health/live")
        .handler(context -> Answers.json(context, 200, Health.of(List.of())));
    router.get("/observe/health").handler(this::health);
    router.get("/observe/health/ready").handler(this::health);
    router.get("/observe/metrics").handler(this::metrics);
  }

  private void get(String path, Reading reading) {
    router.get(path).handler(context -> run(context, reading));
  }

  private void post(String path, Reading change) {
    change(router.post(path), change);
  }

  private void change(Route route, Reading change) {
    route
        .handler(BodyHandler.create(false).setBodyLimit(BODY_AT_MOST))
        .handler(context -> run(context, change));
  }

  private void run(RoutingContext context, Reading reading) {
    run(workers, context, reading);
  }

  private static void run(WorkerExecutor on, RoutingContext context, Reading reading) {
    on.executeBlocking(() -> reading.read(new Parameters(context)), false)
        .onSuccess(value -> Answers.found(context, value))
        .onFailure(failure -> Answers.failure(context, failure));
  }

  /** Counting reads much: who asks meanwhile gets the same answer. */
  private void ledger(RoutingContext context) {
    Future<AuditReport> running = counting.get();
    if (running == null || running.isComplete()) {
      running = workers.executeBlocking(collaborators.ledger()::counts, false);
      counting.set(running);
    }
    running
        .onSuccess(report -> Answers.json(context, 200, report))
        .onFailure(failure -> Answers.failure(context, failure));
  }

  private void health(RoutingContext context) {
    workers
        .executeBlocking(collaborators.health()::get, false)
        .onSuccess(
            health ->
                Answers.json(context, health.status() == Health.Status.DOWN ? 503 : 200, health))
        .onFailure(failure -> Answers.failure(context, failure));
  }

  private void metrics(RoutingContext context) {
    workers
        .executeBlocking(() -> Buffer.buffer(collaborators.metrics().scrape()), false)
        .onSuccess(
            text -> Answers.bytes(context, 200, "text/plain; version=0.0.4; charset=utf-8", text))
        .onFailure(failure -> Answers.failure(context, failure));
  }

  private static void failed(RoutingContext context) {
    if (context.statusCode() == 413) {
      context.response().putHeader("Connection", "close");
      Answers.error(
          context,
          413,
          "Expected at most " + BODY_AT_MOST + " bytes; found more. A change needs no body.");
    } else if (context.statusCode() == 500 || context.failure() instanceof Refusal) {
      Answers.failure(context, context.failure());
    } else {
      // The router's own objections, to a malformed address or Host.
      Answers.error(
          context,
          context.statusCode(),
          "Expected a request this console understands; found another. Correct it, and ask again.");
    }
  }

  private static void unknown(RoutingContext context) {
    Answers.error(
        context,
        404,
        "Expected an address of the console; found another. The README lists them all.");
  }

  private static void wrongMethod(RoutingContext context) {
    String path = context.normalizedPath();
    boolean isChange =
        path.matches(
            ".*/(replay|retry|cancel|confirm|release|replan|reply|push|rotate|purge|erase)");
    boolean isList = path.equals("/api/opt-outs");
    boolean isAsked = path.equals("/api/reconciliations");
    String allowed =
        FhirPages.isIn(path)
            ? FhirPages.allowed(path)
            : isList ? "GET, POST, DELETE" : isAsked ? "GET, POST" : isChange ? "POST" : "GET";
    context.response().putHeader("Allow", allowed);
    Answers.error(
        context, 405, "Expected the method " + allowed + " at this address; found another.");
  }
}
