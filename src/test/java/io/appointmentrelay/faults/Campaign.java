package io.appointmentrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.appointmentrelay.RelayByAMovableClock;
import io.appointmentrelay.faults.Plan.Round;
import io.appointmentrelay.process.Finished;
import io.appointmentrelay.process.Installation;
import io.appointmentrelay.process.Life;
import io.appointmentrelay.process.LifeGenerator;
import io.appointmentrelay.process.RelayProcess;
import io.appointmentrelay.process.Senders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Tells lives to the relay, and does to it what the plan says; then lets it come to rest. What the
 * senders were told and what the other ends got is looked at afterwards.
 */
final class Campaign implements AutoCloseable {

  private static final int CONNECTIONS = 16;

  /** What the relay promises for a stop. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

  /** The process ends a moment after it has stopped. */
  private static final Duration AND_ENDS = Duration.ofSeconds(1);

  private static final Pattern TROUBLE = Pattern.compile(" ERROR .*");

  private final Tally tally = new Tally();
  private final Site site;
  private final Path clock;
  private final FaultyMail mail = new FaultyMail(tally);
  private final FaultyHttp http = new FaultyHttp(tally);
  private final List<Installation> installations = new ArrayList<>();
  private final List<RelayProcess> relays = new CopyOnWriteArrayList<>();
  private final List<Life> lives = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();
  private final LifeGenerator generator;
  private final AtomicInteger asked = new AtomicInteger();
  private final Senders senders = new Senders(CONNECTIONS, this::somebody);
  private int clockSeconds;
  private Duration longestStop = Duration.ZERO;

  Campaign(Path directory, Site site, long seed) throws Exception {
    this.site = site;
    this.generator = new LifeGenerator(seed);
    this.clock = Files.writeString(directory.resolve("clock"), "0");
    for (int i = 0; i < site.processes(); i++) {
      Installation installation =
          site.installed(directory.resolve("relay-" + i), mail.port(), http.port())
              .set("relay.source.canvas.fhir.base-url", "http://127.0.0.1:" + http.port() + "/fhir")
              .set("relay.source.canvas.fhir.dialect", "canvas")
              .set("relay.retry.inbox", "8 attempts, 200ms..2s")
              .set("relay.retry.outbox", "10 attempts, 200ms..2s")
              .set("relay.messaging.limit", "none")
              .toldTheTimeBy(
                  RelayByAMovableClock.class.getName(), RelayByAMovableClock.FILE, clock);
      installations.add(installation);
      relays.add(installation.start().awaitReady());
    }
  }

  /** One that serves: the senders' load balancer takes the others out. */
  private URI somebody() {
    int first = asked.incrementAndGet();
    for (int i = 0; i < relays.size(); i++) {
      RelayProcess relay = relays.get((first + i) % relays.size());
      if (relay.isAlive() && relay.isReady()) {
        return relay.senders();
      }
    }
    return URI.create("http://127.0.0.1:1");
  }

  void carryOut(List<Round> plan) throws Exception {
    long begun = System.nanoTime();
    int number = 0;
    for (Round round : plan) {
      number++;
      System.out.printf(
          "  %3d/%d after %3d s: %s, %s%n",
          number,
          plan.size(),
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
          round.blow(),
          round.weather());
      mail.weather(round.weather().mail());
      http.weather(round.weather());
      untilTheMoment(round);
      strike(round);
    }
    comeToRest();
    tally.add("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
  }

  private void untilTheMoment(Round round) throws Exception {
    List<Life> portion = generator.next(round.lives());
    lives.addAll(portion);
    int posts = portion.stream().mapToInt(life -> life.posts().size()).sum();
    CountDownLatch moment = new CountDownLatch(1);
    int last = senders.answered() + 1 + (int) (posts * round.moment());
    senders.onAnswer(
        count -> {
          if (count >= last) {
            moment.countDown();
          }
        });
    senders.tell(portion);
    assertThat(moment.await(90, TimeUnit.SECONDS))
        .as("senders are answered:%n%s", printed())
        .isTrue();
    pass(round.lingerMillis());
  }

  private static void pass(int millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> System.nanoTime() >= until);
  }

  private void strike(Round round) throws Exception {
    int which = round.which() % relays.size();
    switch (round.blow()) {
      case KILL -> {
        kill(which);
        startAgain(which);
      }
      case KILL_WHILE_STARTING -> {
        kill(which);
        relays.set(which, installations.get(which).start());
        pass(300 + round.lingerMillis() % 2_500);
        tally.add("fault: kill -9 of these while it started");
        kill(which);
        startAgain(which);
      }
      case TERM, TERM_WHILE_NOBODY_ANSWERS -> {
        stop(which);
        startAgain(which);
      }
      case CLOCK_JUMP -> jump(round.clockSeconds());
      case STORE_FULL -> {
        tally.add("fault: store full or read-only");
        site.fill();
        awaitRefusals();
        site.free();
      }
      case KILL_WHILE_STORE_FULL -> {
        tally.add("fault: store full or read-only");
        site.fill();
        awaitRefusals();
        kill(which);
        startOnFullStore(which);
        site.free();
        startAgain(which);
      }
      case STORE_RESTARTED -> {
        tally.add("fault: store's server restarted");
        site.stop();
        awaitRefusals();
        pass(round.lingerMillis());
        site.goOn();
      }
      case CONNECTIONS_CUT -> {
        tally.add("fault: all connections to the store cut");
        site.cutConnections();
      }
    }
  }

  /** Whether it starts depends on what room its own log still has: if not, it says so and ends. */
  private void startOnFullStore(int which) throws Exception {
    RelayProcess start = installations.get(which).start();
    await("it is ready, or ends")
        .atMost(Duration.ofSeconds(60))
        .until(() -> start.isReady() || !start.isAlive());
    if (start.isReady()) {
      tally.add("outcome: starts on a full disk, in the room the store still had");
    } else {
      tally.add("outcome: starts refused because the store cannot write");
    }
    start.kill();
    ends.add(System.nanoTime());
  }

  /** The senders notice. */
  private void awaitRefusals() {
    List<Life> portion = generator.next(20);
    lives.addAll(portion);
    int before = senders.unanswered();
    senders.tell(portion);
    await("senders are told to come back")
        .atMost(Duration.ofSeconds(60))
        .until(() -> senders.unanswered() > before + 10);
  }

  private void kill(int which) {
    relays.get(which).kill();
    ends.add(System.nanoTime());
    tally.add("fault: kill -9");
    look(relays.get(which));
  }

  private void stop(int which) throws Exception {
    RelayProcess relay = relays.get(which);
    long begun = System.nanoTime();
    int status = relay.stop(STOPS_WITHIN.multipliedBy(4));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    ends.add(System.nanoTime());
    longestStop = took.compareTo(longestStop) > 0 ? took : longestStop;
    tally.add("fault: SIGTERM under load");
    if (relay.printed().contains("Not everything ended")) {
      tally.add("outcome: stops that did not wait for everybody");
    }
    tally.atLeast("outcome: longest stop, ms", took.toMillis());
    look(relay);
    assertThat(status).as(relay.printed()).isIn(0, 143);
    assertThat(took)
        .as("time to stop:%n%s", relay.printed())
        .isLessThan(STOPS_WITHIN.plus(AND_ENDS));
  }

  private void startAgain(int which) throws Exception {
    relays.set(which, installations.get(which).start().awaitReady());
  }

  private void jump(int seconds) throws Exception {
    if (seconds != clockSeconds) {
      tally.add("fault: clock jumped " + (seconds > clockSeconds ? "ahead" : "back"));
    }
    clockSeconds = seconds;
    Files.writeString(clock, String.valueOf(TimeUnit.SECONDS.toMillis(seconds)));
  }

  private void look(RelayProcess relay) {
    relay
        .printed()
        .lines()
        .map(TROUBLE::matcher)
        .filter(matcher -> matcher.find())
        .forEach(
            matcher ->
                tally.add(
                    "log:"
                        + matcher
                            .group()
                            .replaceAll("\\d+", "N")
                            .replaceAll("\\s+", " ")
                            .replace('|', '/')));
  }

  /** All is fair, and the clock as far ahead as it ever was: what was due then is due now. */
  private void comeToRest() throws Exception {
    mail.weather(Weather.FAIR.mail());
    http.weather(Weather.FAIR);
    jump(5_500);
    try {
      await("all lives are told")
          .atMost(Duration.ofMinutes(3))
          .until(() -> senders.told() == lives.size());
      await("nothing waits")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> waiting() == 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          senders.told()
              + " of "
              + lives.size()
              + " lives told, "
              + waiting()
              + " wait:\n"
              + site.view().count("SELECT COUNT(*) FROM notification WHERE status = 'received'")
              + " notifications\n"
              + String.join("\n", site.view().overdueRows(Instant.now().plusSeconds(clockSeconds)))
              + "\n"
              + printed(),
          e);
    }
    for (int i = 0; i < relays.size(); i++) {
      stop(i);
    }
  }

  private long waiting() throws Exception {
    return site.view().count("SELECT COUNT(*) FROM notification WHERE status = 'received'")
        + site.view().overdue(Instant.now().plusSeconds(clockSeconds));
  }

  private String printed() {
    StringBuilder all = new StringBuilder();
    for (RelayProcess relay : relays) {
      List<String> lines = relay.printed().lines().toList();
      all.append(String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size())))
          .append("\n\n");
    }
    return all.toString();
  }

  Finished audit() throws Exception {
    return installations.get(0).run("audit");
  }

  Reckoning reckoning() throws Exception {
    return new Reckoning(
        lives, senders.takenBodies(), mail, http, site.view(), List.copyOf(ends), tally);
  }

  Tally tally() {
    tally.add("senders: posts answered 200", senders.answered());
    tally.add("senders: posts not answered 200, posted again", senders.unanswered());
    tally.add("senders: lives told to their end", senders.told());
    return tally;
  }

  @Override
  public void close() throws IOException {
    senders.close();
    relays.forEach(RelayProcess::close);
    http.close();
    mail.close();
  }
}
