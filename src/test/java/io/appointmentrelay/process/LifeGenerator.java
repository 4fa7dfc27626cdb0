package io.appointmentrelay.process;

import io.appointmentrelay.process.Life.Post;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes lives of appointments in three dialects: booked, moved to other times and rooms, repeated,
 * cancelled, missed, restored. The same seed gives the same lives. No life says the same thing
 * twice with good reason, so whatever a person is told twice is a fault.
 */
public final class LifeGenerator {

  private final Random random;
  private int made;

  public LifeGenerator(long seed) {
    this.random = new Random(seed);
  }

  public List<Life> next(int lives) {
    List<Life> all = new ArrayList<>(lives);
    for (int i = 0; i < lives; i++) {
      all.add(next());
    }
    return all;
  }

  private Life next() {
    made++;
    int dialect = random.nextInt(10);
    if (dialect < 5) {
      return new Told(new FhirDialect()).life();
    }
    return dialect < 8 ? new Told(new SchedulingDialect()).life() : canvas();
  }

  /** How one sender writes. */
  private interface Dialect {
    String source();

    /** The claims are booked, updated, cancelled, no-show. */
    String body(String claim, Told state);
  }

  /** One life as it is being told. */
  private final class Told {
    private final int number = made;
    private final String email = "p" + number + "@patients-of-the-clinic.net";
    private final String phone = String.format("+1608555%04d", number);
    private final List<Post> posts = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Dialect dialect;
    private final Instant toldFrom = Instant.now().minus(Duration.ofHours(1));
    private Instant start =
        Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(10 + random.nextInt(5)));
    private int room = 100;
    private String end = "booked";
    private String visit = "life-" + number;
    private String replacedVisit;
    private boolean dependsOnOrder;

    Told(Dialect dialect) {
      this.dialect = dialect;
    }

    Instant sentAt() {
      return toldFrom.plusSeconds(posts.size());
    }

    void tell(String claim, String event) {
      posts.add(new Post(dialect.source(), dialect.body(claim, this)));
      events.add(event);
      replacedVisit = null;
    }

    Life life() {
      tell("booked", "BOOKED");
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        change();
      }
      end();
      return new Life(email, posts, dependsOnOrder ? List.of() : events, end, start);
    }

    private void change() {
      switch (random.nextInt(4)) {
        case 0 -> {
          room++;
          tell("updated", "MODIFIED");
        }
        case 1 -> tell("updated", "UNCHANGED");
        default -> {
          start = start.plus(Duration.ofHours(25));
          if (dialect instanceof SchedulingDialect && random.nextBoolean()) {
            // Another number is another lane: what is told depends on which of the two runs first.
            dependsOnOrder = true;
            replacedVisit = visit;
            visit = "life-" + number + "-" + posts.size();
          }
          tell("moved", "RESCHEDULED");
        }
      }
    }

    private void end() {
      int how = random.nextInt(10);
      if (how < 5) {
        end = "cancelled";
        tell("cancelled", "CANCELLED");
      } else if (how < 6) {
        end = "noshow";
        tell("no-show", "NO_SHOW");
      }
      if (end.equals("cancelled") && how == 0) {
        end = "booked";
        tell("booked", "RESTORED");
      }
    }
  }

  private static final class FhirDialect implements Dialect {
    @Override
    public String source() {
      return "redox-fhir";
    }

    @Override
    public String body(String claim, Told told) {
      String event =
          switch (claim) {
            case "booked" -> "AppointmentBooked";
            case "cancelled", "no-show" -> "AppointmentCancelled";
            default -> "AppointmentUpdated";
          };
      String status =
          switch (claim) {
            case "cancelled" -> "cancelled";
            case "no-show" -> "noshow";
            default -> "booked";
          };
      return """
      {"resourceType":"Bundle","id":"%1$s-%2$d","type":"message","timestamp":"%3$s","entry":[
      {"resource":{"resourceType":"MessageHeader","source":{"endpoint":"05107c08"},
       "eventUri":"https://fhir.redoxengine.com/EventDefinition/%4$s"}},
      {"fullUrl":"https://fhir.redoxengine.com/Patient/p-%1$s","resource":{"resourceType":"Patient","id":"p-%1$s",
       "identifier":[{"system":"urn:redox:mr","value":"MR-%1$s"}],"active":true,
       "name":[{"use":"official","family":"Sender","given":["Number"]}],
       "telecom":[{"system":"phone","value":"%5$s","use":"mobile"},{"system":"email","value":"%6$s"}]}},
      {"fullUrl":"https://fhir.redoxengine.com/Appointment?identifier=urn:redox:VIS|%1$s","resource":{
       "resourceType":"Appointment","identifier":[{"system":"urn:redox:VIS","value":"%1$s"}],"status":"%7$s",
       "start":"%8$s","end":"%9$s","participant":[
       {"actor":{"reference":"Patient/p-%1$s"},"status":"accepted"},
       {"actor":{"reference":"Location/r-%10$d","identifier":{"system":"urn:redox:loc","value":"R-%10$d"},
        "display":"Room %10$d"},"status":"accepted"}]}}]}
      """
          .formatted(
              told.visit,
              told.posts.size(),
              told.sentAt(),
              event,
              told.phone,
              told.email,
              status,
              told.start,
              told.start.plus(Duration.ofMinutes(30)),
              told.room);
    }
  }

  private static final class SchedulingDialect implements Dialect {
    @Override
    public String source() {
      return "redox-scheduling";
    }

    @Override
    public String body(String claim, Told told) {
      String event =
          switch (claim) {
            case "booked" -> "New";
            case "cancelled" -> "Cancel";
            case "no-show" -> "NoShow";
            case "moved" -> "Reschedule";
            default -> "Modification";
          };
      String old =
          told.replacedVisit == null
              ? ""
              : "\"OldVisitNumber\":\""
                  + told.replacedVisit
                  + "\",\"OldDateTime\":\""
                  + told.start.minus(Duration.ofHours(25))
                  + "\",";
      return """
      {"Meta":{"DataModel":"Scheduling","EventType":"%s","EventDateTime":"%s","Test":false,
       "Logs":[{"ID":"log-%s-%d","AttemptID":"a"}]},
       "Patient":{"Identifiers":[{"ID":"MR-%d","IDType":"MR"}],"Demographics":{"FirstName":"Number",
        "LastName":"Sender","Language":"en","PhoneNumber":{"Mobile":"%s"},"EmailAddresses":["%s"]}},
       "Visit":{"VisitNumber":"%s",%s"VisitDateTime":"%s","Duration":30,
        "Location":{"Facility":"Clinic","Department":"Family Medicine %d"}}}
      """
          .formatted(
              event,
              told.sentAt(),
              told.visit,
              told.posts.size(),
              told.number,
              told.phone,
              told.email,
              told.visit,
              old,
              told.start,
              told.room);
    }
  }

  private Life canvas() {
    String id = "canvas-" + made;
    Instant start =
        Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofDays(10 + random.nextInt(5)));
    List<Post> posts = new ArrayList<>();
    List<String> events = new ArrayList<>();
    flag(posts, events, id, start, "created", "BOOKED");
    if (random.nextBoolean()) {
      start = start.plus(Duration.ofHours(25));
      flag(posts, events, id, start, "rescheduled", "RESCHEDULED");
    }
    String end = "booked";
    switch (random.nextInt(4)) {
      case 0 -> {
        flag(posts, events, id, start, "cancelled", "CANCELLED");
        end = "cancelled";
      }
      case 1 -> {
        flag(posts, events, id, start, "cancelled", "CANCELLED");
        flag(posts, events, id, start, "reverted", "RESTORED");
      }
      case 2 -> {
        flag(posts, events, id, start, "no_show", "NO_SHOW");
        flag(posts, events, id, start, "checked_in", "CHECKED_IN");
      }
      default -> flag(posts, events, id, start, "no_show", "NO_SHOW");
    }
    return new Life(null, posts, events, end, start);
  }

  private static void flag(
      List<Post> posts, List<String> events, String id, Instant start, String flag, String event) {
    posts.add(
        new Post(
            "canvas",
            """
            {"canvas_patient_key":"key-%s","appointment_external_id":"%s","start_time":"%s","end_time":"%s","%s":true}
            """
                .formatted(id, id, start, start.plus(Duration.ofMinutes(20)), flag)));
    events.add(event);
  }
}
