package io.appointmentrelay.bench;

import io.appointmentrelay.command.Samples;
import io.appointmentrelay.store.StoreAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The table of docs/performance.md: each row beside a limit that is measured in the same run. Needs
 * the packaged jar, two quiet processors and Linux; {@code mvn -Pbench verify} runs it.
 */
@Command(name = "BenchTable", mixinStandardHelpOptions = true)
public final class BenchTable implements Callable<Integer> {

  private static final Path FOLDER = Path.of("target", "bench");
  private static final URI ANY = URI.create("http://127.0.0.1/webhooks/redox-fhir");
  private static final String TOKEN = "sandbox-token";
  private static final int CONNECTIONS = 64;

  /** So many that the log is copied into the file more than once. */
  private static final int WRITTEN_OF = 50_000;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Option(names = "--only", split = ",", description = "the rows to measure; default: all")
  private List<String> only = List.of();

  @Option(names = "--seconds", description = "each measurement", defaultValue = "20")
  private int seconds;

  @Option(names = "--warmup", description = "seconds before each", defaultValue = "40")
  private int warmUp;

  @Option(names = "--appointments", description = "past ones", defaultValue = "10000000")
  private int appointments;

  @Option(names = "--deliveries", description = "of each past one", defaultValue = "5")
  private int deliveries;

  @Option(names = "--reminders", description = "due at once", defaultValue = "1000000")
  private int reminders;

  private final List<Figure> figures = new ArrayList<>();

  private interface Row {
    void measure() throws Exception;
  }

  /** Measures, prints, and writes target/bench/table.md. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new BenchTable()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Row> rows = new java.util.LinkedHashMap<>();
    rows.put("code", () -> Code.measure(figures));
    rows.put("start", this::start);
    rows.put("accept", this::accept);
    rows.put("postgresql", this::postgresql);
    rows.put("end-to-end", this::endToEnd);
    rows.put("slow", this::slow);
    rows.put("order", () -> figures.add(Ordering.measure()));
    rows.put("full", this::full);
    rows.put("reminders", this::reminders);
    if (!rows.keySet().containsAll(only)) {
      throw new IllegalArgumentException("--only expects some of " + rows.keySet());
    }
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      if (only.isEmpty() || only.contains(row.getKey())) {
        System.out.println("bench: " + row.getKey());
        int before = figures.size();
        row.getValue().measure();
        figures.subList(before, figures.size()).forEach(one -> System.out.println(one.row()));
      }
    }
    Files.createDirectories(FOLDER);
    try (PrintStream file =
        new PrintStream(FOLDER.resolve("table.md").toFile(), StandardCharsets.UTF_8)) {
      print(file);
    }
    print(System.out);
    return 0;
  }

  private void print(PrintStream out) {
    out.println("| what | measured | limit beside it | ratio | aim |");
    out.println("|---|---|---|---|---|");
    figures.forEach(figure -> out.println(figure.row()));
  }

  private void start() throws Exception {
    // What this process loads for its first request is not the relay's to answer for.
    try (BareRelay any = new BareRelay(BareStore.ofBodies(FOLDER), 0)) {
      post(URI.create("http://127.0.0.1:" + any.address().getPort() + "/"), "any");
    }
    start(new StartedRelay.Setup().launched(), "bin/appointment-relay");
    start(new StartedRelay.Setup(), "java -jar");
  }

  private void start(StartedRelay.Setup setup, String by) throws Exception {
    double first;
    long idle;
    try (StartedRelay relay = setup.start()) {
      double taken = postUntilTaken(relay);
      first = relay.secondsToStart() + taken;
      TimeUnit.SECONDS.sleep(30);
      idle = relay.residentMegabytes();
      Written written = written(relay);
      Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      ClosedLoop.run(address(relay), bookings, CONNECTIONS, ClosedLoop.Limit.seconds(0, 30));
      long under = relay.residentMegabytes();
      figures.add(Figure.alone("start to the first 200, " + by, first, " s", "< 2 s"));
      figures.add(Figure.alone("resident, idle, " + by, idle, " MB", "< 250 MB"));
      figures.add(Figure.alone("resident, under load, " + by, under, " MB", "< 600 MB"));
      figures.add(
          Figure.alone(
              "written to disk per notification until all are answered, " + by,
              written.untilAnswered(),
              " bodies",
              "< 4 bodies"));
      figures.add(
          Figure.alone(
              "the same and all that they cause, " + by, written.all(), " bodies", "< 4 bodies"));
      figures.add(Figure.alone("of that kept, " + by, written.kept(), " bodies", ""));
    }
  }

  /**
   * For each notification, in bodies.
   *
   * @param untilAnswered by the time the last of them has its answer
   * @param all until everything that is due has left
   * @param kept what the store's file has grown by then
   */
  private record Written(double untilAnswered, double all, double kept) {}

  private static Written written(StartedRelay relay) throws Exception {
    Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
    long before = relay.bytesWritten();
    long keptBefore = relay.storeBytes();
    ClosedLoop.run(
        address(relay), bookings, CONNECTIONS, ClosedLoop.Limit.notifications(WRITTEN_OF));
    long answered = relay.bytesWritten() - before;
    URI metrics = relay.console().resolve("/observe/metrics");
    for (String idle : List.of("relay_inbox_waiting 0.0", "relay_outbox_due_oldest_seconds 0.0")) {
      while (!ask(metrics).contains(idle)) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
    long all = relay.bytesWritten() - before;
    double bodies = (double) WRITTEN_OF * bookings.bodyLength();
    return new Written(answered / bodies, all / bodies, (relay.storeBytes() - keptBefore) / bodies);
  }

  private void accept() throws Exception {
    ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(warmUp, seconds);
    double bodies = bare(BareStore.ofBodies(FOLDER), limit);
    double rows = bare(BareStore.ofInbox(FOLDER), limit);
    try (StartedRelay relay = new StartedRelay.Setup().start();
        BareRelay limitRelay = new BareRelay(BareStore.ofInbox(FOLDER), 0)) {
      Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      double most = ClosedLoop.run(address(relay), bookings, CONNECTIONS, limit).perSecond();
      accepted("SQLite", rows, bodies, most);
      TimeUnit.SECONDS.sleep(20);
      ClosedLoop.Limit half = ClosedLoop.Limit.seconds(5, seconds).at(most / 2);
      Bookings any = new Bookings(ANY, TOKEN);
      double barePaced =
          p99(ClosedLoop.run(limitRelay.address(), any, CONNECTIONS, half).latency());
      Bookings paced = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      double p99 = p99(ClosedLoop.run(address(relay), paced, CONNECTIONS, half).latency());
      figures.add(
          Figure.beside(barePaced, "p99 of the same at half that load", p99, " ms", "ratio ≤ 2"));
    }
  }

  private void postgresql() throws Exception {
    ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(warmUp, seconds);
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
      double bodies = bare(BareStore.ofBodies(schema(server, "bodies")), limit);
      double rows = bare(BareStore.ofInbox(schema(server, "rows")), limit);
      StoreAddress address = schema(server, "relay");
      try (StartedRelay relay =
          new StartedRelay.Setup()
              .set("relay.store.url", address.url())
              .set("relay.store.user", address.user())
              .set("relay.store.password", address.password())
              .start()) {
        Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
        double most = ClosedLoop.run(address(relay), bookings, CONNECTIONS, limit).perSecond();
        accepted("PostgreSQL", rows, bodies, most);
      }
    }
  }

  private static double bare(BareStore store, ClosedLoop.Limit limit) throws Exception {
    try (BareRelay relay = new BareRelay(store, 0)) {
      return ClosedLoop.run(relay.address(), new Bookings(ANY, TOKEN), CONNECTIONS, limit)
          .perSecond();
    }
  }

  private void accepted(String store, double rows, double bodies, double most) {
    String what = "accepted, %s, 64 connections, beside ".formatted(store);
    figures.add(Figure.beside(rows, what + "the same rows", most, "/s", "ratio ≥ 0.8"));
    figures.add(Figure.beside(bodies, what + "the body alone", most, "/s", ""));
  }

  private static StoreAddress schema(EmbeddedPostgres server, String name) throws Exception {
    try (java.sql.Connection connection = server.getPostgresDatabase().getConnection();
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + name);
    }
    return new StoreAddress(
        "jdbc:postgresql://127.0.0.1:%d/postgres?currentSchema=%s"
            .formatted(server.getPort(), name),
        "postgres",
        "postgres");
  }

  private void endToEnd() throws Exception {
    int number = 100_000;
    double bare;
    Bookings any = new Bookings(ANY, TOKEN);
    try (WebhookReceiver receiver = new WebhookReceiver(0, any.visitPrefix());
        BareRelay limitRelay = new BareRelay(BareStore.ofBodies(FOLDER), receiver.port())) {
      bare = EndToEnd.run(limitRelay.address(), any, receiver, CONNECTIONS, number).perSecond();
    }
    try (WebhookReceiver receiver = new WebhookReceiver(0, any.visitPrefix());
        StartedRelay relay = new StartedRelay.Setup().webhooksAloneTo(receiver.port()).start()) {
      double most = Double.NaN;
      for (int run = 0; run < 2; run++) {
        Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
        receiver.expect(bookings.visitPrefix());
        most = EndToEnd.run(address(relay), bookings, receiver, CONNECTIONS, number).perSecond();
      }
      figures.add(Figure.beside(bare, "accepted to webhook delivered", most, "/s", "ratio ≥ 0.33"));
    }
  }

  private void slow() throws Exception {
    Bookings bookings;
    try (WebhookReceiver receiver =
            new WebhookReceiver(0, "none".getBytes(StandardCharsets.US_ASCII));
        StartedRelay relay = new StartedRelay.Setup().webhooksAloneTo(receiver.port()).start()) {
      for (int run = 0; run < 2; run++) {
        bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
        receiver.expect(bookings.visitPrefix());
        ClosedLoop.Limit warm = ClosedLoop.Limit.seconds(0, warmUp).at(1_000);
        ClosedLoop.run(address(relay), bookings, 8, warm);
      }
      TimeUnit.SECONDS.sleep(5);
      bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      receiver.expect(bookings.visitPrefix());
      ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(0, seconds * 2).at(50);
      ClosedLoop.Result result = ClosedLoop.run(address(relay), bookings, 8, limit);
      TimeUnit.SECONDS.sleep(1);
      Histogram wholeWay = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
      for (int number = 0; number < receiver.arrived(); number++) {
        wholeWay.recordValue(receiver.arrivedNanos(number) - bookings.writtenNanos(number));
      }
      figures.add(Figure.alone("accept p99 at 50/s", p99(result.latency()), " ms", "< 5 ms"));
      figures.add(Figure.alone("end to end p99 at 50/s", p99(wholeWay), " ms", "< 20 ms"));
    }
  }

  private void full() throws Exception {
    ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(warmUp, seconds);
    StartedRelay.Setup setup = new StartedRelay.Setup();
    double empty;
    try (StartedRelay relay = new StartedRelay.Setup().start()) {
      Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      empty = ClosedLoop.run(address(relay), bookings, CONNECTIONS, limit).perSecond();
    }
    StartedRelay first = setup.start();
    book(first, Instant.now().plus(Duration.ofDays(3)));
    first.stop();
    long begun = System.nanoTime();
    try (StoreFilling filling = new StoreFilling(setup.store())) {
      filling.past(appointments, deliveries);
    }
    System.out.printf(
        "  filled with %,d appointments in %d s, %,d MB%n",
        appointments,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
        Files.size(setup.store()) >> 20);
    try (StartedRelay relay = setup.start()) {
      Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
      double most = ClosedLoop.run(address(relay), bookings, CONNECTIONS, limit).perSecond();
      String what =
          "accepted with %,d past appointments and %,d deliveries, beside an empty store"
              .formatted(appointments, (long) appointments * deliveries);
      figures.add(Figure.beside(empty, what, most, "/s", "ratio ≥ 0.85"));
    }
  }

  private void reminders() throws Exception {
    try (WebhookReceiver gateway =
        new WebhookReceiver(0, "none".getBytes(StandardCharsets.US_ASCII))) {
      StartedRelay.Setup setup =
          new StartedRelay.Setup()
              .set("relay.channel.sms.base-url", "http://127.0.0.1:" + gateway.port())
              .set("relay.messaging.quiet-hours", "none");
      StartedRelay first = setup.start();
      Instant due = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
      book(first, due.plus(Duration.ofDays(1)));
      first.stop();
      try (StoreFilling filling = new StoreFilling(setup.store())) {
        filling.reminders(reminders);
      }
      try (StartedRelay relay = setup.start()) {
        ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(5, seconds).at(50);
        Bookings bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
        double alone = p99(ClosedLoop.run(address(relay), bookings, 8, limit).latency());
        while (gateway.requests() < reminders / 20) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        long before = gateway.requests();
        long begun = System.nanoTime();
        bookings = new Bookings(relay.webhooks("redox-fhir"), TOKEN);
        double beside = p99(ClosedLoop.run(address(relay), bookings, 8, limit).latency());
        double took = (System.nanoTime() - begun) / 1e9;
        figures.add(
            Figure.alone(
                "reminders sent, %,d due".formatted(reminders),
                (gateway.requests() - before) / took,
                "/s",
                "≥ 3,000/s"));
        figures.add(
            Figure.beside(
                alone,
                "accept p99 at 50/s while they are sent, and before",
                beside,
                " ms",
                "unharmed"));
      }
    }
  }

  /** One visit with a text message planned for the day before. */
  private static void book(StartedRelay relay, Instant visit)
      throws IOException, InterruptedException {
    String body =
        new String(
                Samples.shipped().named("redox-scheduling/new").orElseThrow().body(),
                StandardCharsets.UTF_8)
            .replace("2016-08-01T14:00:00.000Z", visit.toString());
    post(relay.webhooks("redox-scheduling"), body);
    Instant patience = Instant.now().plusSeconds(30);
    while (!ask(relay.console().resolve("/api/deliveries?status=sent&channel=email"))
        .contains("\"id\"")) {
      if (Instant.now().isAfter(patience)) {
        throw new IllegalStateException("The booking was expected to be confirmed; it was not.");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** How long it takes from now, in seconds. */
  private static double postUntilTaken(StartedRelay relay)
      throws IOException, InterruptedException {
    String body =
        new String(
            Samples.shipped().named("redox-fhir/booked").orElseThrow().body(),
            StandardCharsets.UTF_8);
    long begun = System.nanoTime();
    post(relay.webhooks("redox-fhir"), body);
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void post(URI address, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + TOKEN)
            .POST(BodyPublishers.ofString(body))
            .build();
    int status = HTTP.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IllegalStateException("200 was expected, " + status + " came.");
    }
  }

  private static String ask(URI address) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
  }

  private static double p99(Histogram latency) {
    return latency.getValueAtPercentile(99) / 1e6;
  }

  private static InetSocketAddress address(StartedRelay relay) {
    URI webhooks = relay.webhooks("redox-fhir");
    return new InetSocketAddress(webhooks.getHost(), webhooks.getPort());
  }
}
