package io.appointmentrelay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.command.AddUser;
import io.appointmentrelay.command.Ask;
import io.appointmentrelay.command.Audit;
import io.appointmentrelay.command.Brake;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.Erase;
import io.appointmentrelay.command.HandIn;
import io.appointmentrelay.command.NewKey;
import io.appointmentrelay.command.OptOutList;
import io.appointmentrelay.command.Purge;
import io.appointmentrelay.command.Reconcile;
import io.appointmentrelay.command.Replan;
import io.appointmentrelay.command.RotateKey;
import io.appointmentrelay.command.SendSample;
import io.appointmentrelay.command.Subscribe;
import io.appointmentrelay.console.Housekeeping;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.messaging.BrokenTexts;
import io.appointmentrelay.routes.BrokenRoutes;
import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.Settings.Source;
import io.appointmentrelay.settings.SettingsReader;
import io.appointmentrelay.store.StoreUnavailable;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The jar's commands; without one it serves. */
@Command(
    name = "appointment-relay",
    description =
        "Hears from EHRs that an appointment was booked, changed or cancelled, and tells the right people once, in time,"
            + " and only while it is true. Without a command: serves.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Application.AuditCommand.class,
      Application.SendSampleCommand.class,
      Application.OptOutCommand.class,
      Application.BrakeCommand.class,
      Application.ReplanCommand.class,
      Application.ReconcileCommand.class,
      Application.SubscriptionCommand.class,
      Application.AskCommand.class,
      Application.UserCommand.class,
      Application.WritebackCommand.class,
      Application.KeyCommand.class,
      Application.PurgeCommand.class,
      Application.EraseCommand.class
    })
public final class Application implements Callable<Integer> {

  private static final Path SETTINGS = Path.of("application.properties");
  private static final Path ROUTES = Path.of("routes");
  private static final int CANNOT_START = 1;

  /** By SIGTERM, as shells say it. */
  private static final int TERMINATED = 143;

  private final Clock clock;

  private Application(Clock clock) {
    this.clock = clock;
  }

  /** Runs the command named by the arguments. */
  public static void main(String[] args) {
    run(args, Clock.systemUTC());
  }

  /** As {@link #main}, serving by a clock that may be wrong. */
  static void run(String[] args, Clock clock) {
    int status =
        new CommandLine(new Application(clock))
            .setExecutionExceptionHandler((failure, line, parsed) -> cannotStart(failure))
            .execute(args);
    if (status != 0 || args.length > 0) {
      System.exit(status);
    }
  }

  @Override
  public Integer call() throws Exception {
    Logger log = LoggerFactory.getLogger(Application.class);
    Settings settings = settings();
    LogOutput.set(settings.placeholders());
    Relay relay = Relay.start(settings, ROUTES, clock);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  endInTime(log);
                  relay.close();
                  stopped.countDown();
                },
                "stop"));
    long took = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    log.info(
        "Ready after {} ms: POST http://{}:{}/webhooks/{} · console http://{}:{}/{}",
        took,
        settings.http().host(),
        relay.httpPort(),
        settings.sources().keySet(),
        settings.console().host(),
        relay.consolePort(),
        settings.sandbox()
            ? " · sandbox: nothing leaves this machine, what would have is at /api/sandbox/messages"
            : "");
    relay
        .unheardSources()
        .forEach(
            source ->
                log.warn(
                    "Nothing is taken in of source {}: a route is expected that begins with inbox:{}, and for one that is polled"
                        + " another that writes to poll:{}; found none. Copy those of its kind in routes/intake",
                    source,
                    source,
                    source));
    if (settings.sms().baseUrl() == null) {
      log.info("No SMS is planned: relay.channel.sms.base-url is unset");
    }
    if (settings.replies().on() && settings.replies().publicUrl() != null) {
      log.info(
          "Replies: text messages that come in are POSTed to {}/webhooks/sms",
          settings.replies().publicUrl());
    }
    if (settings.webhook().url() == null) {
      log.info("No webhook is planned: relay.channel.webhook.url is unset");
    }
    if (settings.storeKeys().isEmpty() && !settings.sandbox()) {
      log.warn(
          "What is kept of patients is to be sealed in the store; relay.store.key is unset, and it is in clear."
              + " Make a key with 'key new', set it, start again, and run 'key rotate'.");
    }
    stopped.await();
    return 0;
  }

  /** Whoever hangs at the end is left alone as by a crash: nothing is lost by that. */
  private static void endInTime(Logger log) {
    Thread end =
        new Thread(
            () -> {
              long begun = System.nanoTime();
              long within = Relay.STOP_WITHIN.minusMillis(500).toNanos();
              for (long left = within; left > 0; left = within - (System.nanoTime() - begun)) {
                LockSupport.parkNanos(left);
              }
              log.warn("The stop took {} and is cut short", Relay.STOP_WITHIN);
              Runtime.getRuntime().halt(TERMINATED);
            },
            "end-in-time");
    end.setDaemon(true);
    end.start();
  }

  private static Settings settings() {
    return SettingsReader.read(
        SETTINGS, System.getenv(), System.getProperties(), SourceKinds.names());
  }

  private static PrintWriter out() {
    return new PrintWriter(System.out, true, UTF_8);
  }

  private static PrintWriter problems() {
    return new PrintWriter(System.err, true, UTF_8);
  }

  private static ConsoleClient console(Settings settings) {
    return new ConsoleClient(
        settings.console().host(), settings.console().port(), settings.access().login());
  }

  private static int cannotStart(Exception failure) {
    Throwable known = failure;
    while (known != null && !isExplained(known)) {
      known = known.getCause();
    }
    if (known != null) {
      System.err.println(known.getMessage());
    } else {
      System.err.println("The relay cannot start:");
      failure.printStackTrace();
    }
    return CANNOT_START;
  }

  private static boolean isExplained(Throwable failure) {
    return failure instanceof InvalidSettings
        || failure instanceof BrokenRoutes
        || failure instanceof BrokenTexts
        || failure instanceof StoreUnavailable
        || failure instanceof io.appointmentrelay.door.PortUnavailable;
  }

  /** {@code audit}: the ledger of a running or a stopped store. */
  @Command(
      name = "audit",
      description = "Prints the ledger and checks that it adds up; exit status 1 if not.")
  static final class AuditCommand implements Callable<Integer> {
    @Option(
        names = "--head",
        paramLabel = "hash",
        description =
            "that an earlier audit has printed; it must be in the chain of what was accepted")
    private @Nullable String head;

    @Override
    public Integer call() {
      return new Audit().run(Relay.store(settings()), head, out());
    }
  }

  /** {@code send-sample}: a shipped notification, as its sender would post it. */
  @Command(
      name = "send-sample",
      description = "Posts a shipped notification to a running relay; without a name lists them.")
  static final class SendSampleCommand implements Callable<Integer> {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "source/what-happened",
        description = "which one; 'all' for every one in order")
    private @Nullable String name;

    @Option(
        names = "--url",
        description = "where the relay listens; default: this machine, relay.http.port")
    private @Nullable URI url;

    @Option(names = "--as-is", description = "leave the times as they are, years ago")
    private boolean asIs;

    @Override
    public Integer call() {
      Settings settings = settings();
      URI base = url != null ? url : URI.create("http://127.0.0.1:" + settings.http().port());
      URI console = URI.create("http://127.0.0.1:" + settings.console().port());
      return new SendSample(
              Clock.system(settings.clinic().zone()), console, settings.replies().publicUrl())
          .run(name, base, source -> tokenOf(settings, source), asIs, out());
    }

    private static String tokenOf(Settings settings, String name) {
      if (name.equals("sms")) {
        return settings.replies().smsTokens().stream().findFirst().orElse("");
      }
      Source source = settings.sources().get(name);
      return source == null ? "" : source.tokens().get(0);
    }
  }

  /** {@code opt-out}: the list of those who do not want to be written to. */
  @Command(
      name = "opt-out",
      description =
          "Lists, adds to or removes from the list of those who do not want to be written to;"
              + " of a running or a stopped relay.")
  static final class OptOutCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "list|add|remove", description = "what to do")
    private String action = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "recipient",
        description = "an e-mail address, or a telephone number")
    private @Nullable String recipient;

    @Option(
        names = "--purpose",
        description = "news, preparation or all; default: all, and for remove every one")
    private @Nullable String purpose;

    @Override
    public Integer call() {
      Settings settings = settings();
      return new OptOutList(
              console(settings),
              Relay.store(settings),
              settings.clinic().region(),
              Clock.systemUTC())
          .run(action, recipient, purpose, out());
    }
  }

  /** {@code brake}: what holds messages to people when too many would leave. */
  @Command(
      name = "brake",
      description = "Shows whether messages to people are held; with release lets them go.")
  static final class BrakeCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "release", description = "let them go")
    private @Nullable String action;

    @Override
    public Integer call() {
      Settings settings = settings();
      return new Brake(console(settings), Relay.store(settings), Clock.systemUTC())
          .run(action, out());
    }
  }

  /** {@code replan}: what waits, held against the routes in force. */
  @Command(
      name = "replan",
      description =
          "Shows what the routes in force would add, drop and re-time among the messages that wait ahead of visits;"
              + " with --confirm does it. Needs a running relay.")
  static final class ReplanCommand implements Callable<Integer> {
    @Option(names = "--confirm", description = "do it; without, nothing is changed")
    private boolean confirm;

    @Override
    public Integer call() {
      return new Replan(console(settings())).run(confirm, out());
    }
  }

  /** {@code ask}: what an EHR behind Redox has. */
  @Command(
      name = "ask",
      description =
          "Asks the EHR behind Redox for its free slots or its booked visits, and takes in what it answers. Needs a running relay.")
  static final class AskCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "slots|booked", description = "what to ask for")
    private String what = "";

    @Option(names = "--source", description = "of kind redox-scheduling; default: the only one")
    private @Nullable String source;

    @Option(names = "--from", description = "a day or a time with offset; default: now")
    private @Nullable String from;

    @Option(names = "--to", description = "before this; default: two weeks later")
    private @Nullable String to;

    @Override
    public Integer call() {
      return new Ask(console(settings())).run(what, source, from, to, out());
    }
  }

  /** {@code reconcile}: what a source has, held against what is known. */
  @Command(
      name = "reconcile",
      description =
          "Compares all visits that a source's FHIR server has with what is known; what was missed is taken in, and"
              + " named. Needs a running relay.")
  static final class ReconcileCommand implements Callable<Integer> {
    @Option(
        names = "--source",
        required = true,
        paramLabel = "name",
        description = "one with a FHIR server")
    private String source = "";

    @Option(
        names = "--from",
        paramLabel = "day",
        description = "first day of visits, as 2026-03-01; default: yesterday")
    private @Nullable String from;

    @Option(
        names = "--to",
        paramLabel = "day",
        description = "last day of visits; default: as far as relay.source.<name>.poll.window")
    private @Nullable String to;

    @Override
    public Integer call() {
      return new Reconcile(console(settings())).run(source, from, to, out());
    }
  }

  /** {@code subscription}: by what a FHIR server tells us of appointments. */
  @Command(
      name = "subscription",
      description =
          "Creates, renews or checks the Subscription on a source's FHIR server; the token that it is to show is the"
              + " first of the source's.")
  static final class SubscriptionCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "create|renew|check", description = "what to do")
    private String action = "";

    @Parameters(index = "1", paramLabel = "source", description = "of kind fhir-subscription")
    private String source = "";

    @Option(
        names = "--url",
        description = "where the server reaches the relay, as https://relay.example.org")
    private @Nullable URI url;

    @Option(
        names = "--topic",
        description = "canonical URL of a topic (R5 backport); default: plain R4, Appointment?")
    private @Nullable String topic;

    @Option(
        names = "--content",
        description = "empty, id-only or full-resource; default: id-only with a topic, else empty")
    private @Nullable String content;

    @Option(names = "--days", description = "how long it lasts; default: 30")
    private int days = 30;

    @Override
    public Integer call() {
      Settings settings = settings();
      return new Subscribe(Clock.systemUTC())
          .run(
              new Subscribe.Request(action, source, url, topic, content, days),
              settings.sources().get(source),
              out());
    }
  }

  /** {@code key}: what the store is sealed with. */
  @Command(
      name = "key",
      description =
          "new: makes a key for relay.store.key; rotate: seals everything with the first of its keys,"
              + " of a running or a stopped relay.")
  static final class KeyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "new|rotate", description = "what to do")
    private String action = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "file",
        description = "of new: where to; default: it is printed")
    private @Nullable Path file;

    @Override
    public Integer call() {
      PrintWriter out = out();
      PrintWriter problems = problems();
      if (action.equals("new")) {
        return new NewKey(Clock.systemUTC()).run(file, out, problems);
      }
      if (!action.equals("rotate") || file != null) {
        problems.println(
            "key expects new, perhaps with a file, or rotate; found something else. Nothing was done.");
        return 2;
      }
      Settings settings = settings();
      return new RotateKey(console(settings), Relay.store(settings), Clock.systemUTC()).run(out);
    }
  }

  /** {@code purge}: what was kept long enough. */
  @Command(
      name = "purge",
      description =
          "Takes away what was kept as long as relay.retention.* says; of a running or a stopped relay.")
  static final class PurgeCommand implements Callable<Integer> {
    @Option(names = "--dry-run", description = "only count it; nothing is changed")
    private boolean dry;

    @Override
    public Integer call() {
      Settings settings = settings();
      return new Purge(
              console(settings),
              Relay.store(settings),
              now -> Relay.purgeLimits(settings, now),
              Clock.systemUTC())
          .run(dry, out());
    }
  }

  /** {@code erase}: everything about one patient. */
  @Command(
      name = "erase",
      description =
          "Shows in numbers what is kept about a patient, or of an appointment; with --yes erases it. Of a running or"
              + " a stopped relay.")
  static final class EraseCommand implements Callable<Integer> {
    @Option(
        names = "--patient",
        paramLabel = "source/identifier",
        description = "as the source writes it")
    private @Nullable String patient;

    @Option(
        names = "--appointment",
        paramLabel = "source/identifier",
        description = "and those it replaced")
    private @Nullable String appointment;

    @Option(names = "--yes", description = "do it; without, nothing is changed")
    private boolean yes;

    @Override
    public Integer call() {
      Settings settings = settings();
      boolean isPatient = patient != null;
      String which = isPatient && appointment != null ? null : isPatient ? patient : appointment;
      return new Erase(console(settings), Relay.store(settings), Clock.systemUTC())
          .run(
              isPatient ? "patient" : "appointment",
              which,
              (source, identifier) ->
                  Housekeeping.subject(
                      Relay.groups(settings),
                      source,
                      isPatient ? identifier : null,
                      isPatient ? null : identifier),
              yes,
              out());
    }
  }

  /** {@code writeback}: a patient's answer for the EHR, handed in by staff. */
  @Command(
      name = "writeback",
      description =
          "Hands in that the patient confirms or cancels an appointment, so that its EHR knows; needs a running relay,"
              + " and relay.source.<name>.writeback.")
  static final class WritebackCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "confirm|cancel", description = "what was answered")
    private String action = "";

    @Parameters(
        index = "1",
        paramLabel = "source/identifier",
        description = "the appointment, as /api/appointments has it")
    private String appointment = "";

    @Option(
        names = "--version",
        description = "the version that was answered; default: the one known now")
    private @Nullable Integer version;

    @Override
    public Integer call() {
      return new HandIn(console(settings())).run(action, appointment, version, out());
    }
  }

  /** {@code user add}: the line that makes a console user. */
  @Command(
      name = "user",
      description =
          "Prints the line that makes a console user; the password is asked for, or read from standard input.")
  static final class UserCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "add", description = "what to do")
    private String action = "";

    @Parameters(index = "1", paramLabel = "name", description = "of the user")
    private String name = "";

    @Override
    public Integer call() throws IOException {
      PrintWriter problems = problems();
      if (!action.equals("add")) {
        problems.println("user expects add and a name; found something else. Nothing was made.");
        return 2;
      }
      return new AddUser().run(name, UserCommand::password, out(), problems);
    }

    private static @Nullable String password() throws IOException {
      Console terminal = terminal();
      if (terminal == null) {
        return new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
      }
      char[] typed = terminal.readPassword("Password: ");
      return typed == null ? null : new String(typed);
    }

    /** From Java 22 on there is a console also where nobody types. */
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable Console terminal() {
      Console console = System.console();
      if (console == null) {
        return null;
      }
      try {
        Object typing = Console.class.getMethod("isTerminal").invoke(console);
        return Boolean.TRUE.equals(typing) ? console : null;
      } catch (ReflectiveOperationException before22) {
        return console;
      }
    }
  }
}
