package io.appointmentrelay.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures a running relay from outside, on the machine it runs on. After {@code mvn -DskipTests
 * package}:
 *
 * <pre>{@code
 * java -cp 'target/test-classes:target/classes:target/lib/*' io.appointmentrelay.bench.Load accept
 * }</pre>
 */
@Command(
    name = "Load",
    mixinStandardHelpOptions = true,
    description = "How many notifications a relay takes and passes on per second.")
public final class Load {

  private static final String URL = "http://127.0.0.1:8080/webhooks/redox-fhir";
  private static final String TOKEN = "sandbox-token";
  private static final String CONNECTIONS = "64";
  private static final String WARM_UP = "10000";
  private static final String STORE = "target/load";

  @Spec private CommandSpec spec;

  /** Runs the subcommand named; exits 1 if something was lost or nothing listens there. */
  public static void main(String[] arguments) {
    CommandLine commands = new CommandLine(new Load());
    commands.setExecutionExceptionHandler(
        (problem, command, parsed) -> {
          if (problem instanceof ConnectException) {
            command.getErr().println("A relay was expected at --url; nothing listens. Start it.");
            return 1;
          }
          if (problem instanceof ClosedLoop.Refused) {
            command.getErr().println(problem.getMessage());
            return 1;
          }
          throw problem;
        });
    System.exit(commands.execute(arguments));
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      description = "Durable notifications per second: posts for a time, counts the 200s.")
  int accept(
      @Option(names = "--url", defaultValue = URL) URI url,
      @Option(names = "--token", defaultValue = TOKEN) String token,
      @Option(names = "--connections", defaultValue = CONNECTIONS) int connections,
      @Option(names = "--seconds", defaultValue = "20") int seconds,
      @Option(names = "--warmup", description = "seconds", defaultValue = "10") int warmUp,
      @Option(
              names = "--with-baseline",
              description = "measure the bare limit first, and print the ratio")
          boolean withBaseline,
      @Option(names = "--baseline-dir", defaultValue = STORE) Path folder)
      throws Exception {
    ClosedLoop.Limit limit = ClosedLoop.Limit.seconds(warmUp, seconds);
    double bare = withBaseline ? bareAccept(folder, connections, limit) : 0;
    Bookings bookings = new Bookings(url, token);
    print(
        "accept: %s, %d connections, bodies of %,d bytes", url, connections, bookings.bodyLength());
    ClosedLoop.Result result = ClosedLoop.run(addressOf(url), bookings, connections, limit);
    report(result);
    ratio(result.perSecond(), bare);
    return result.others().isEmpty() ? 0 : 1;
  }

  @Command(
      name = "end-to-end",
      mixinStandardHelpOptions = true,
      description = {
        "Notifications per second until the last webhook is delivered.",
        "Start the relay with -Drelay.channel.webhook.url=http://127.0.0.1:<receiver-port>/"
      })
  int endToEnd(
      @Option(names = "--url", defaultValue = URL) URI url,
      @Option(names = "--token", defaultValue = TOKEN) String token,
      @Option(names = "--connections", defaultValue = CONNECTIONS) int connections,
      @Option(names = "--notifications", defaultValue = "50000") int notifications,
      @Option(names = "--warmup", description = "notifications", defaultValue = WARM_UP) int warmUp,
      @Option(names = "--receiver-port", defaultValue = "9099") int receiverPort,
      @Option(
              names = "--with-baseline",
              description = "measure the bare limit first, and print the ratio")
          boolean withBaseline,
      @Option(names = "--baseline-dir", defaultValue = STORE) Path folder)
      throws Exception {
    double bare = withBaseline ? bareEndToEnd(folder, connections, warmUp, notifications) : 0;
    Bookings bookings = new Bookings(url, token);
    try (WebhookReceiver receiver = new WebhookReceiver(receiverPort, bookings.visitPrefix())) {
      print(
          "end-to-end: %s, %d connections, webhooks to port %d", url, connections, receiver.port());
      warmUp(addressOf(url), url, token, receiver, connections, warmUp);
      receiver.expect(bookings.visitPrefix());
      EndToEnd.Result result =
          EndToEnd.run(addressOf(url), bookings, receiver, connections, notifications);
      report(result);
      ratio(result.perSecond(), bare);
      return result.missing() == 0 ? 0 : 1;
    }
  }

  @Command(
      name = "baseline",
      mixinStandardHelpOptions = true,
      description = "The bare limit of this machine: the same work without any rules.")
  int baseline(
      @Option(names = "--connections", defaultValue = CONNECTIONS) int connections,
      @Option(names = "--seconds", defaultValue = "20") int seconds,
      @Option(names = "--warmup", description = "seconds", defaultValue = "10") int warmUp,
      @Option(names = "--notifications", defaultValue = "50000") int notifications,
      @Option(names = "--baseline-dir", defaultValue = STORE) Path folder)
      throws Exception {
    bareAccept(folder, connections, ClosedLoop.Limit.seconds(warmUp, seconds));
    bareEndToEnd(folder, connections, Integer.parseInt(WARM_UP), notifications);
    return 0;
  }

  private double bareAccept(Path folder, int connections, ClosedLoop.Limit limit) throws Exception {
    try (BareRelay bare = new BareRelay(BareStore.ofInbox(folder), 0)) {
      print(
          "baseline accept: a handler and one writer of the same rows, %d connections",
          connections);
      ClosedLoop.Result result =
          ClosedLoop.run(bare.address(), new Bookings(URI.create(URL), TOKEN), connections, limit);
      report(result);
      return result.perSecond();
    }
  }

  private double bareEndToEnd(Path folder, int connections, int warmUp, int notifications)
      throws Exception {
    URI any = URI.create(URL);
    Bookings bookings = new Bookings(any, TOKEN);
    try (WebhookReceiver receiver = new WebhookReceiver(0, bookings.visitPrefix());
        BareRelay bare = new BareRelay(BareStore.ofBodies(folder), receiver.port())) {
      print("baseline end-to-end: the same, and a POST onward, %d connections", connections);
      warmUp(bare.address(), any, TOKEN, receiver, connections, warmUp);
      receiver.expect(bookings.visitPrefix());
      EndToEnd.Result result =
          EndToEnd.run(bare.address(), bookings, receiver, connections, notifications);
      report(result);
      return result.perSecond();
    }
  }

  /** A run of its own, of which nothing is left over when the measured one begins. */
  private static void warmUp(
      InetSocketAddress address,
      URI url,
      String token,
      WebhookReceiver receiver,
      int connections,
      int notifications)
      throws IOException, InterruptedException {
    Bookings bookings = new Bookings(url, token);
    receiver.expect(bookings.visitPrefix());
    EndToEnd.run(address, bookings, receiver, connections, notifications);
  }

  private void report(ClosedLoop.Result result) {
    Histogram latency = result.latency();
    print("  durable notifications/s    %,.0f", result.perSecond());
    print(
        "  latency                    p50 %.2f ms   p99 %.2f ms   max %.2f ms",
        latency.getValueAtPercentile(50) / 1e6,
        latency.getValueAtPercentile(99) / 1e6,
        latency.getMaxValue() / 1e6);
    print("  answers other than 200     %s", described(result.others()));
  }

  private void report(EndToEnd.Result result) {
    print("  end-to-end notifications/s %,.0f", result.perSecond());
    print("  accepted notifications/s   %,.0f", result.acceptedPerSecond());
    print("  webhooks                   %,d of %,d", result.arrived(), result.notifications());
    print("  missing                    %,d", result.missing());
    print("  repeated, further          %,d, %,d", result.repeated(), result.furtherEvents());
    print("  answers other than 200     %s", described(result.others()));
  }

  private static String described(Map<Integer, Integer> others) {
    return others.isEmpty()
        ? "none"
        : others.entrySet().stream()
            .map(
                one ->
                    (one.getKey() == ClosedLoop.LOST ? "connection lost" : one.getKey())
                        + " "
                        + one.getValue()
                        + " times")
            .collect(Collectors.joining(", "));
  }

  private void ratio(double relay, double bare) {
    if (bare > 0) {
      print("  of the bare limit          %.0f %%", 100 * relay / bare);
    }
  }

  private void print(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }

  private static InetSocketAddress addressOf(URI url) {
    return new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
  }
}
