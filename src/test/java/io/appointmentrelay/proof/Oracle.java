package io.appointmentrelay.proof;

import io.appointmentrelay.appointment.Claim;
import io.appointmentrelay.proof.RelayByHand.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
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
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What should have been told, worked out from the tables of the rules and nothing else: in memory,
 * one thing after another, without a line of the product but the words for claims. Where it and the
 * product differ, one of them is wrong.
 */
final class Oracle {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

  private enum Status {
    OPEN,
    PRESENT,
    CANCELLED,
    NOSHOW,
    REPLACED;

    boolean isEnded() {
      return this == CANCELLED || this == NOSHOW;
    }
  }

  /** What somebody was told of an appointment, or is presumed to know. */
  private record Told(Status status, Instant start, String room, boolean moved, boolean modified) {}

  private static final class Visit {
    private final String name;
    private String root;
    private Status status = Status.OPEN;
    private Instant start;
    private String room;
    private ZoneId zone;
    private Said.Patient patient;
    private Instant lastApplied;
    private boolean replacesAnother;
    private Told presumed;

    Visit(String name) {
      this.name = name;
      this.root = name;
    }
  }

  private static final class Pending {
    private final int number;
    private final Visit visit;
    private final String channel;
    private final String text;
    private final String lead;
    private final Instant start;
    private final Instant planned;
    private Instant due;
    private Duration quiet = Duration.ZERO;
    private boolean interrupted;

    Pending(int number, Visit visit, String channel, String text, String lead, Instant due) {
      this.number = number;
      this.visit = visit;
      this.channel = channel;
      this.text = text;
      this.lead = lead;
      this.start = visit.start;
      this.planned = due;
      this.due = due;
    }

    boolean isNews() {
      return lead.isEmpty();
    }
  }

  /** News that was in flight at a crash and was overtaken: it may have been told. */
  private record CutOff(int number, Told told) {
    static CutOff later(CutOff one, CutOff other) {
      return one.number > other.number ? one : other;
    }
  }

  /** News of one chain on one channel: what took the place of what, since the last that ended. */
  private static final class Row {
    private final TreeMap<Integer, Instant> overtaken = new TreeMap<>();
    private final TreeSet<Integer> ended = new TreeSet<>();

    void addAll(Row other) {
      overtaken.putAll(other.overtaken);
      ended.addAll(other.ended);
    }

    /** Put off again and again, but not for ever: five waits after the first at the latest. */
    Instant due(Instant now, Duration wait) {
      int last = ended.isEmpty() ? 0 : ended.last();
      Instant wished = now.plus(wait);
      return overtaken.tailMap(last, false).values().stream()
          .min(Comparator.naturalOrder())
          .map(first -> first.plus(wait.multipliedBy(4)))
          .filter(atLast -> atLast.isBefore(wished))
          .map(atLast -> later(atLast, now))
          .orElse(wished);
    }
  }

  private final Rules rules;
  private final Map<String, Visit> visits = new HashMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private final Map<String, CutOff> perhaps = new HashMap<>();
  private final Map<String, Integer> lastSentNews = new HashMap<>();
  private final Map<String, Integer> lastNews = new HashMap<>();
  private final Map<String, Row> rows = new HashMap<>();
  private final Set<String> went = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private final TreeSet<Pending> pending =
      new TreeSet<>(
          Comparator.<Pending, Instant>comparing(p -> p.due).thenComparing(p -> p.number));
  private final List<Message> messages = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private int planned;
  private RelayByHand.Death death;
  private Said overtaking;
  private Duration down = Duration.ZERO;

  Oracle(Rules rules) {
    this.rules = rules;
  }

  List<Message> messages() {
    return messages;
  }

  List<Event> events() {
    return events;
  }

  // -- time ----------------------------------------------------------------------------------

  void clockShows(Instant time) {
    now = time;
  }

  void willDie(RelayByHand.Death how, Duration downFor) {
    death = how;
    down = downFor;
  }

  void willHearInFlight(Said said) {
    overtaking = said;
  }

  void livesUntil(Instant then) {
    while (true) {
      Instant limit = later(then, now);
      Pending next = pending.isEmpty() ? null : pending.first();
      if (next == null || next.due.isAfter(limit)) {
        now = limit;
        return;
      }
      now = later(next.due, now);
      judge(next);
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  // -- what happened -------------------------------------------------------------------------

  void hears(Said said) {
    boolean knownNumber = said.number() != null && !numbers.add(said.number());
    if (knownNumber) {
      return;
    }
    Instant arrival = now;
    if (death == RelayByHand.Death.BEFORE_COMMIT) {
      death = null;
      now = now.plus(down);
    }
    Visit visit = visits.get(said.appointment());
    // What comes later is not older, though the clock was put back.
    Instant latest = visit == null ? arrival : later(arrival, visit.lastApplied);
    boolean trusted = said.when() != null && !said.when().isAfter(latest);
    Instant at = trusted ? said.when() : latest;
    String kind = visit == null ? firstSeen(said, at) : seenBefore(visit, said, at);
    if (kind != null) {
      events.add(new Event(said.appointment(), kind));
      plan(visits.get(said.appointment()), kind);
    }
  }

  private String firstSeen(Said said, Instant at) {
    Visit visit = new Visit(said.appointment());
    visits.put(visit.name, visit);
    fill(visit, said);
    visit.lastApplied = at;
    if (replaces(said)) {
      return replacement(visit, said, at);
    }
    String kind =
        switch (said.claim()) {
          case BOOKED -> "BOOKED";
          case UPDATED ->
              said.oldStart() != null && !said.oldStart().equals(said.start())
                  ? "RESCHEDULED"
                  : "MODIFIED";
          case RESCHEDULED -> "RESCHEDULED";
          case CANCELLED -> "CANCELLED";
          case NO_SHOW -> "NO_SHOW";
          case RESTORED -> "RESTORED";
          case CHECKED_IN -> "CHECKED_IN";
        };
    visit.status = statusBy(said.claim());
    visit.presumed = kind.equals("BOOKED") ? null : presumed(visit, kind, said.oldStart());
    return kind;
  }

  /** People knew of it before us. */
  private static Told presumed(Visit visit, String kind, Instant oldStart) {
    boolean moved = kind.equals("RESCHEDULED");
    return new Told(
        kind.equals("RESTORED") ? Status.CANCELLED : Status.OPEN,
        moved ? oldStart : visit.start,
        visit.room,
        moved,
        kind.equals("MODIFIED"));
  }

  private static Status statusBy(Claim claim) {
    return switch (claim) {
      case CANCELLED -> Status.CANCELLED;
      case NO_SHOW -> Status.NOSHOW;
      case CHECKED_IN -> Status.PRESENT;
      default -> Status.OPEN;
    };
  }

  private static boolean replaces(Said said) {
    boolean canMove =
        said.claim() == Claim.BOOKED
            || said.claim() == Claim.UPDATED
            || said.claim() == Claim.RESCHEDULED;
    return canMove && said.replaces() != null;
  }

  private String seenBefore(Visit visit, Said said, Instant at) {
    if (at.isBefore(visit.lastApplied)) {
      return tooLateToTell(visit, said, at);
    }
    boolean isUpdate = said.claim() == Claim.UPDATED || said.claim() == Claim.RESCHEDULED;
    if (visit.status == Status.REPLACED || (isUpdate && visit.status.isEnded())) {
      return tooLateToTell(visit, said, at);
    }
    visit.lastApplied = at;
    if (replaces(said) && !visit.replacesAnother) {
      change(visit, said);
      if (visit.status.isEnded()) {
        visit.status = Status.OPEN;
      }
      return replacement(visit, said, at);
    }
    return switch (said.claim()) {
      case BOOKED, UPDATED, RESCHEDULED -> {
        String difference = change(visit, said);
        if (visit.status.isEnded()) {
          visit.status = Status.OPEN;
          yield "RESTORED";
        }
        yield difference;
      }
      case CANCELLED -> ends(visit, said, !visit.status.isEnded(), "CANCELLED");
      case NO_SHOW -> ends(visit, said, visit.status != Status.NOSHOW, "NO_SHOW");
      case RESTORED -> ends(visit, said, visit.status.isEnded(), "RESTORED");
      case CHECKED_IN -> ends(visit, said, visit.status != Status.PRESENT, "CHECKED_IN");
    };
  }

  /** How the visit is, is known better; whose place it took may be news. */
  private String tooLateToTell(Visit visit, Said said, Instant at) {
    Visit old = visits.get(said.replaces());
    boolean isAnother = replaces(said) && !visit.replacesAnother;
    if (isAnother && (old == null || old.status != Status.REPLACED)) {
      visit.replacesAnother = true;
      Visit ended = old == null ? new Visit(said.replaces()) : old;
      visits.put(ended.name, ended);
      ended.status = Status.REPLACED;
      ended.lastApplied = at;
      supersede(p -> p.visit == ended);
    }
    return null;
  }

  private static String ends(Visit visit, Said said, boolean happens, String kind) {
    fill(visit, said);
    if (happens) {
      visit.status = statusBy(said.claim());
    }
    return happens ? kind : null;
  }

  private static void fill(Visit visit, Said said) {
    visit.start = visit.start == null ? said.start() : visit.start;
    visit.room = visit.room == null ? said.room() : visit.room;
    visit.zone = visit.zone == null ? said.zone() : visit.zone;
    visit.patient = said.patient();
  }

  private static String change(Visit visit, Said said) {
    boolean moved =
        visit.start != null && said.start() != null && !visit.start.equals(said.start());
    boolean other = visit.room != null && said.room() != null && !visit.room.equals(said.room());
    visit.start = said.start() == null ? visit.start : said.start();
    visit.room = said.room() == null ? visit.room : said.room();
    visit.zone = said.zone() == null ? visit.zone : said.zone();
    visit.patient = said.patient();
    return moved ? "RESCHEDULED" : other ? "MODIFIED" : null;
  }

  private String replacement(Visit visit, Said said, Instant at) {
    Visit old = visits.get(said.replaces());
    boolean unknown = old == null;
    if (unknown) {
      old = new Visit(said.replaces());
      visits.put(old.name, old);
    }
    visit.replacesAnother = true;
    visit.presumed = unknown ? presumed(visit, "RESCHEDULED", said.oldStart()) : old.presumed;
    old.status = Status.REPLACED;
    old.lastApplied = at;
    join(visit, old.root);
    String root = visit.root;
    supersede(p -> p.visit.root.equals(root) && (p.visit != visit || !p.isNews()));
    return "RESCHEDULED";
  }

  /** What was told and sent goes by the root; what is younger counts. */
  private void join(Visit visit, String root) {
    String own = visit.root;
    if (own.equals(root)) {
      return;
    }
    visit.root = root;
    for (String channel : List.of("email", "sms")) {
      Told younger = told.remove(own + channel);
      if (younger != null) {
        told.put(root + channel, younger);
      }
      CutOff cutOff = perhaps.remove(own + channel);
      if (cutOff != null) {
        perhaps.merge(root + channel, cutOff, CutOff::later);
      }
      lastSentNews.merge(root + channel, lastSentNews.getOrDefault(own + channel, 0), Math::max);
      lastNews.merge(root + channel, lastNews.getOrDefault(own + channel, 0), Math::max);
      row(root + channel).addAll(row(own + channel));
    }
    List<String> sent = went.stream().filter(key -> key.startsWith(own + " ")).toList();
    sent.forEach(key -> went.add(root + key.substring(own.length())));
  }

  // -- what is planned -----------------------------------------------------------------------

  private void plan(Visit visit, String kind) {
    Set<String> waiting =
        pending.stream()
            .filter(p -> !p.isNews() && p.visit.root.equals(visit.root))
            .map(Oracle::preparationKey)
            .collect(java.util.stream.Collectors.toSet());
    supersede(p -> !p.isNews() && p.visit.root.equals(visit.root));
    if (kind.equals("CHECKED_IN")) {
      return;
    }
    Map<String, Instant> newsDue = new HashMap<>();
    for (String channel : List.of("email", "sms")) {
      supersede(p -> p.isNews() && p.visit.root.equals(visit.root) && p.channel.equals(channel));
      String text = kind.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      Instant due = row(visit.root + channel).due(now, rules.settle());
      pending.add(new Pending(++planned, visit, channel, text, "", due));
      lastNews.put(visit.root + channel, planned);
      newsDue.put(channel, due);
    }
    boolean takesPlace = !kind.equals("CANCELLED") && !kind.equals("NO_SHOW");
    if (takesPlace && visit.start != null) {
      rules
          .preparation()
          .forEach(step -> prepare(visit, step, newsDue.get(step.channel()), waiting));
    }
  }

  private void supersede(Predicate<Pending> which) {
    List<Pending> superseded = pending.stream().filter(which).toList();
    superseded.forEach(pending::remove);
    superseded.stream().filter(Pending::isNews).forEach(this::isOvertaken);
    superseded.stream().filter(one -> one.interrupted && one.isNews()).forEach(this::perhapsTold);
  }

  private Row row(String where) {
    return rows.computeIfAbsent(where, any -> new Row());
  }

  private void isOvertaken(Pending news) {
    row(news.visit.root + news.channel).overtaken.put(news.number, news.planned);
  }

  private void ends(Pending one) {
    if (one.isNews()) {
      row(one.visit.root + one.channel).ended.add(one.number);
    }
  }

  /** It may have arrived, and will not be sent again: nobody knows. */
  private void perhapsTold(Pending one) {
    Status status =
        switch (one.text) {
          case "cancelled" -> Status.CANCELLED;
          case "no-show" -> Status.NOSHOW;
          default -> Status.OPEN;
        };
    Told told = new Told(status, one.start, null, false, false);
    perhaps.merge(one.visit.root + one.channel, new CutOff(one.number, told), CutOff::later);
  }

  /**
   * @param waiting what was possible in time and waits, for the morning as it may be: its hour is
   *     past, and it is not skipped
   */
  private void prepare(Visit visit, Rules.Step step, Instant newsDue, Set<String> waiting) {
    Instant due = step.due(visit.start, zoneOf(visit));
    boolean late = due.isBefore(now);
    Pending one =
        new Pending(
            ++planned,
            visit,
            step.channel(),
            step.text(),
            "-" + step.before(),
            late && "send".equals(step.ifLate()) ? now.plus(rules.settle()) : due);
    // What it comes with is said first.
    one.due = later(one.due, newsDue);
    boolean skipped =
        late && "skip".equals(step.ifLate()) && !waiting.contains(preparationKey(one));
    if (!skipped && !went.contains(preparationKey(one))) {
      pending.add(one);
    }
  }

  private static String preparationKey(Pending one) {
    return String.join(" ", one.visit.root, one.text, one.channel, one.start.toString(), one.lead);
  }

  private ZoneId zoneOf(Visit visit) {
    return visit.zone == null ? rules.clinic() : visit.zone;
  }

  // -- what is said --------------------------------------------------------------------------

  private void judge(Pending one) {
    Visit visit = one.visit;
    Told known = known(one);
    String text = one.isNews() ? news(known, visit) : preparation(one);
    String address = one.channel.equals("email") ? visit.patient.email() : visit.patient.phone();
    boolean started = visit.start != null && !now.isBefore(visit.start);
    boolean nothingToSay =
        text == null || (started && !text.equals("no-show")) || isTooLate(one) || address == null;
    if (nothingToSay) {
      pending.remove(one);
      ends(one);
      return;
    }
    Optional<Instant> quietEnd = one.channel.equals("sms") ? endOfQuiet(visit) : Optional.empty();
    if (quietEnd.isPresent()) {
      boolean pastTheVisit = visit.start != null && !quietEnd.get().isBefore(visit.start);
      pending.remove(one);
      one.quiet = one.quiet.plus(Duration.between(now, quietEnd.get()));
      one.due = quietEnd.get();
      if (!pastTheVisit || one.isNews()) {
        pending.add(one);
      }
      return;
    }
    send(one, text, known);
  }

  /** Who may have got what was cut off must not be left with it. */
  private Told known(Pending one) {
    String where = one.visit.root + one.channel;
    CutOff cutOff = perhaps.get(where);
    boolean nothingSince = cutOff != null && cutOff.number > lastSentNews.getOrDefault(where, 0);
    return nothingSince && news(cutOff.told, one.visit) != null
        ? cutOff.told
        : told.getOrDefault(where, one.visit.presumed);
  }

  private static String preparation(Pending one) {
    return one.visit.status == Status.OPEN && one.visit.start != null ? one.text : null;
  }

  private static String news(Told known, Visit visit) {
    return switch (visit.status) {
      case REPLACED -> null;
      case CANCELLED -> known != null && !known.status().isEnded() ? "cancelled" : null;
      case NOSHOW -> known != null && !known.status().isEnded() ? "no-show" : null;
      case OPEN, PRESENT -> {
        boolean open = visit.status == Status.OPEN;
        if (known == null) {
          yield open ? "booked" : null;
        }
        if (known.status().isEnded()) {
          yield open ? "restored" : null;
        }
        yield difference(known, visit);
      }
    };
  }

  private static String difference(Told known, Visit visit) {
    boolean bothKnown = known.start() != null && visit.start != null;
    boolean otherStart = bothKnown && !known.start().equals(visit.start);
    boolean theEventSaysMoved = known.moved() && known.start() == null;
    if (otherStart || theEventSaysMoved) {
      return "rescheduled";
    }
    boolean otherRoom =
        known.room() != null && visit.room != null && !known.room().equals(visit.room);
    return otherRoom || known.modified() ? "modified" : null;
  }

  private boolean isTooLate(Pending one) {
    Duration overdue = Duration.between(one.planned, now).minus(one.quiet);
    Duration allowed =
        one.isNews() ? rules.tooLate() : Duration.between(one.planned, one.start).dividedBy(4);
    return overdue.compareTo(allowed) > 0;
  }

  private Optional<Instant> endOfQuiet(Visit visit) {
    if (rules.quietFrom() == null) {
      return Optional.empty();
    }
    ZoneId zone = visit.patient.zone() == null ? zoneOf(visit) : visit.patient.zone();
    ZonedDateTime here = now.atZone(zone);
    LocalTime time = here.toLocalTime();
    if (!time.isBefore(rules.quietFrom())) {
      return Optional.of(
          here.toLocalDate().plusDays(1).atTime(rules.quietUntil()).atZone(zone).toInstant());
    }
    return time.isBefore(rules.quietUntil())
        ? Optional.of(here.toLocalDate().atTime(rules.quietUntil()).atZone(zone).toInstant())
        : Optional.empty();
  }

  private void send(Pending one, String text, Told known) {
    boolean dies = death != null && death != RelayByHand.Death.BEFORE_COMMIT;
    if (!dies || death == RelayByHand.Death.AFTER_LEAVING) {
      messages.add(message(one, text, known));
    }
    Visit visit = one.visit;
    Told tells = new Told(visit.status, visit.start, visit.room, false, false);
    pending.remove(one);
    ends(one);
    if (!one.isNews()) {
      went.add(preparationKey(one));
    }
    if (overtaking != null && death != RelayByHand.Death.BEFORE_COMMIT) {
      Said said = overtaking;
      overtaking = null;
      hears(said);
    }
    if (dies) {
      death = null;
      now = now.plus(down);
      isSentAgain(one);
    } else {
      told.put(visit.root + one.channel, tells);
      if (one.isNews()) {
        lastSentNews.merge(visit.root + one.channel, one.number, Math::max);
      }
    }
  }

  /** What was in flight is judged again, unless it has been overtaken by then. */
  private void isSentAgain(Pending one) {
    Visit visit = one.visit;
    one.interrupted = true;
    row(visit.root + one.channel).ended.remove(one.number);
    if (!one.isNews()) {
      went.remove(preparationKey(one));
      if (one.start.equals(visit.start)) {
        pending.add(one);
      }
    } else if (lastNews.getOrDefault(visit.root + one.channel, 0) > one.number) {
      isOvertaken(one);
      perhapsTold(one);
    } else {
      pending.add(one);
    }
  }

  private Message message(Pending one, String text, Told known) {
    Visit visit = one.visit;
    boolean names =
        text.equals("rescheduled")
            && known != null
            && known.start() != null
            && !known.start().equals(visit.start);
    return new Message(
        now,
        Integer.toString(one.number),
        one.channel,
        visit.root,
        text,
        one.lead,
        shown(visit.start, visit),
        names ? shown(known.start(), visit) : "",
        visit.room == null ? "" : visit.room);
  }

  private String shown(Instant time, Visit visit) {
    return time == null ? "" : TIME.format(time.atZone(zoneOf(visit)));
  }
}
