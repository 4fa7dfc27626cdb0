package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.proof.Year.Ending;
import io.appointmentrelay.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year of appointments in simulated time. What reached people is held against the clinic's own
 * book, rule by rule, and against the oracle, message by message.
 *
 * <p>{@code -Dyear.appointments=2000} for the whole of it.
 */
class AYearTest {

  private static final int APPOINTMENTS = Integer.getInteger("year.appointments", 200);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final Set<Claim> ENDING = Set.of(Claim.CANCELLED, Claim.NO_SHOW);
  private static final Set<String> ENDS = Set.of("cancelled", "no-show");

  /** When the relay took in a word of an appointment, and of when it speaks. */
  private record Heard(Instant at, Instant when, Claim claim) {}

  @TempDir private Path directory;
  private final Year year = new Year(APPOINTMENTS);
  private final Map<String, List<Heard>> heard = new HashMap<>();
  private final List<Instant[]> away = new ArrayList<>();

  @Test
  void nobodyIsToldAtNightAfterACancellationTwiceOrNotAtAll() throws Exception {
    long begun = System.nanoTime();
    Settings settings = Bench.settings(directory);
    Oracle oracle = new Oracle(Bench.rules(settings));
    try (RelayByHand relay = new RelayByHand(directory, settings)) {
      live(new Both(relay, oracle));
      List<Message> messages = relay.messages();
      List<Message> once = once(messages);
      report(once, messages.size() - once.size(), Duration.ofNanos(System.nanoTime() - begun));

      assertThat(atNight(once)).isEmpty();
      assertThat(afterCancellation(once)).isEmpty();
      assertThat(doubled(once)).isEmpty();
      assertThat(missing(once)).isEmpty();
      assertThat(messages.stream().map(Message::toString))
          .containsExactlyElementsOf(oracle.messages().stream().map(Message::toString).toList());
      assertThat(relay.audit().problems()).isEmpty();
    }
  }

  private void live(Both both) {
    both.begin(LocalDate.of(Year.YEAR - 1, 10, 1).atStartOfDay(ZoneId.of("UTC")).toInstant());
    for (Year.Incident incident : year.incidents()) {
      both.livesUntil(incident.at());
      if (incident instanceof Year.Arrival arrival) {
        heard
            .computeIfAbsent(arrival.said().appointment(), name -> new ArrayList<>())
            .add(new Heard(both.now(), arrival.said().when(), arrival.said().claim()));
        both.hears(arrival.said());
      } else if (incident instanceof Year.Crash crash) {
        both.willDie(crash.how(), crash.down());
      } else if (incident instanceof Year.Outage outage) {
        away.add(new Instant[] {both.now(), both.now().plus(outage.length())});
        both.jumps(outage.length());
      }
    }
    both.livesUntil(both.now().plus(Duration.ofDays(60)));
  }

  /** Without what was sent again, under the same id, after a crash. */
  private static List<Message> once(List<Message> messages) {
    Set<String> keys = new HashSet<>();
    return messages.stream().filter(message -> keys.add(message.key())).toList();
  }

  private List<Message> atNight(List<Message> messages) {
    Map<String, Ending> byName = byName();
    return messages.stream()
        .filter(message -> message.channel().equals("sms"))
        .filter(message -> isNight(message.at(), byName.get(message.appointment())))
        .toList();
  }

  private static boolean isNight(Instant at, Ending visit) {
    ZoneId zone = visit.patient().zone() == null ? visit.zone() : visit.patient().zone();
    LocalTime time = at.atZone(zone).toLocalTime();
    return time.isBefore(LocalTime.of(8, 0)) || !time.isBefore(LocalTime.of(21, 0));
  }

  /** Said of a visit that we knew to be off, and not that it is. */
  private List<Message> afterCancellation(List<Message> messages) {
    return messages.stream()
        .filter(message -> !ENDS.contains(message.text()))
        .filter(message -> isOff(message.appointment(), message.at()))
        .toList();
  }

  /** By the latest that we had heard of: a cancellation that comes behind its revocation is old. */
  private boolean isOff(String appointment, Instant at) {
    return heard.get(appointment).stream()
        .filter(word -> word.at().isBefore(at) || isRevivedThen(word, at))
        .filter(word -> ENDING.contains(word.claim()) || word.claim() == Claim.RESTORED)
        .max(Comparator.comparing(Heard::when))
        .filter(word -> ENDING.contains(word.claim()))
        .isPresent();
  }

  private static boolean isRevivedThen(Heard word, Instant at) {
    return word.claim() == Claim.RESTORED && word.at().equals(at);
  }

  /** The same again, on the same channel, with nothing else said in between. */
  private static List<Message> doubled(List<Message> messages) {
    Map<String, String> last = new HashMap<>();
    Set<String> preparation = new HashSet<>();
    return messages.stream()
        .filter(
            message -> {
              String where = message.appointment() + " " + message.channel();
              String what = String.join(" ", message.text(), message.start(), message.place());
              boolean isNews = message.lead().isEmpty();
              return isNews
                  ? what.equals(last.put(where, what))
                  : !preparation.add(
                      String.join(" ", where, message.text(), message.lead(), message.start()));
            })
        .toList();
  }

  /**
   * Who was not told the truth before it mattered: of every person whose visit was last changed a
   * day and more before it, on every channel that they have, it is asked that the booking was
   * confirmed first, that a cancellation was the last word, and that the reminder for the day
   * before named the right time and room.
   */
  private List<String> missing(List<Message> messages) {
    List<String> missing = new ArrayList<>();
    for (Ending visit : year.endings()) {
      boolean inTime = visit.lastWord().isBefore(visit.start().minus(Duration.ofHours(26)));
      if (inTime && !wasAwayAround(visit)) {
        missing(visit, "email", visit.patient().email(), messages).ifPresent(missing::add);
        missing(visit, "sms", visit.patient().phone(), messages).ifPresent(missing::add);
      }
    }
    return missing;
  }

  private boolean wasAwayAround(Ending visit) {
    return away.stream()
        .anyMatch(
            span ->
                span[1].isAfter(visit.lastWord().minus(Duration.ofDays(1)))
                    && span[0].isBefore(visit.start()));
  }

  private Optional<String> missing(
      Ending visit, String channel, String address, List<Message> messages) {
    if (address == null) {
      return Optional.empty();
    }
    List<Message> toThem =
        messages.stream()
            .filter(message -> message.appointment().equals(visit.appointment()))
            .filter(message -> message.channel().equals(channel))
            .filter(message -> message.at().isBefore(visit.start()))
            .toList();
    if (visit.last() == Claim.CANCELLED) {
      boolean knewOfIt = !toThem.isEmpty();
      boolean told = knewOfIt && toThem.get(toThem.size() - 1).text().equals("cancelled");
      return knewOfIt && !told ? Optional.of(visit + " cancelled, " + channel) : Optional.empty();
    }
    // Who is heard of first by a change, because it overtook the booking, knew of it before us.
    boolean bookedFirst = heard.get(visit.appointment()).get(0).claim() == Claim.BOOKED;
    boolean confirmed = !toThem.isEmpty() && toThem.get(0).text().equals("booked");
    if (bookedFirst && !confirmed) {
      return Optional.of(visit + " booked, " + channel);
    }
    String truth = TIME.format(visit.start().atZone(visit.zone())) + " " + visit.room();
    boolean reminded =
        toThem.stream()
            .anyMatch(
                message ->
                    message.text().equals("reminder")
                        && message.lead().equals("-P1D")
                        && truth.equals(message.start() + " " + message.place()));
    return reminded ? Optional.empty() : Optional.of(visit + " reminder, " + channel);
  }

  private Map<String, Ending> byName() {
    Map<String, Ending> byName = new HashMap<>();
    year.endings().forEach(ending -> byName.put(ending.appointment(), ending));
    return byName;
  }

  private void report(List<Message> messages, int again, Duration took) {
    Map<String, int[]> counts = new TreeMap<>();
    for (Message message : messages) {
      String purpose = message.text() + (message.lead().isEmpty() ? "" : " " + message.lead());
      counts.computeIfAbsent(purpose, p -> new int[2])[message.channel().equals("sms") ? 1 : 0]++;
    }
    System.out.println("| purpose | e-mail | SMS |\n|---|---:|---:|");
    counts.forEach(
        (purpose, count) ->
            System.out.println("| " + purpose + " | " + count[0] + " | " + count[1] + " |"));
    System.out.printf(
        "%d appointments, %d notifications, %d messages, %d besides sent again under the same id; at night %d,"
            + " after cancellation %d, doubled %d, missing %d; %d s%n",
        APPOINTMENTS,
        heard.values().stream().mapToInt(List::size).sum(),
        messages.size(),
        again,
        atNight(messages).size(),
        afterCancellation(messages).size(),
        doubled(messages).size(),
        missing(messages).size(),
        took.toSeconds());
  }
}
