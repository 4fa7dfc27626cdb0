package io.appointmentrelay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.appointment.OtherNotice;
import io.appointmentrelay.appointment.PatientProfile;
import io.appointmentrelay.appointment.SlotsNotice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of source keeps to, whatever it is sent. */
class ReaderContractTest {

  private static final Path FIXTURES = Path.of("src/test/resources/notifications");

  static Stream<String> kinds() {
    return SourceKinds.names().stream();
  }

  static Stream<String> fixtures() throws Exception {
    try (Stream<Path> files = Files.walk(FIXTURES)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(file -> FIXTURES.relativize(file).toString().replace(".json", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
redox-fhir/booked                       | AppointmentBooked    | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/booked-scheduling-prefix     | AppointmentBooked    | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/booked-event-coding          | AppointmentBooked    | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/booked-without-id            | AppointmentBooked    | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/booked-hold                  | AppointmentBooked    | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/booked-detailed              | AppointmentBooked    | 90210         | 2024-01-15T16:00:00Z
redox-fhir/booked-video-test            | AppointmentBooked    | 90400         | 2024-01-22T15:00:00Z
redox-fhir/modified                     | AppointmentUpdated   | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/rescheduled                  | AppointmentUpdated   | 321654654     | 2022-06-06T07:00:00Z
redox-fhir/rescheduled-detailed         | AppointmentUpdated   | 90210         | 2024-01-16T16:00:00Z
redox-fhir/updated-two-appointments     | AppointmentUpdated   | 90301 90302   | 2024-01-20T15:00:00Z 2024-01-20T16:00:00Z
redox-fhir/cancelled                    | AppointmentCancelled | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/cancelled-us-spelling        | AppointmentCancelled | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/no-show                      | AppointmentCancelled | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/no-show-in-own-words         | AppointmentCancelled | 321654654     | 2022-06-06T05:00:00Z
redox-fhir/writeback-create             | AppointmentCreate    | -             | -
redox-scheduling/new                    | New                  | 48390         | 2024-01-20T16:00:00Z
redox-scheduling/new-hold               | New                  | 48400         | 2024-01-20T16:00:00Z
redox-scheduling/new-numbers-and-strings| New                  | 48401         | 2024-01-20T16:00:00Z
redox-scheduling/modification           | Modification         | 48390         | 2024-01-20T16:00:00Z
redox-scheduling/reschedule             | Reschedule           | 48391         | 2024-01-21T16:00:00Z
redox-scheduling/cancel                 | Cancel               | 48390         | 2024-01-20T16:00:00Z
redox-scheduling/no-show                | NoShow               | 48390         | 2024-01-20T16:00:00Z
redox-scheduling/booked-response        | BookedResponse       | -             | -
redox-scheduling/push-slots             | PushSlots            | -             | 2016-08-01T14:00:00Z
redox-scheduling/push-slots-batch       | PushSlots            | -             | 2016-08-01T14:00:00Z
canvas/created                          | created              | e999b5c7-d12f-498c-816a-f3c66946a911 | 2021-12-24T21:30:00Z
canvas/created-older-sender             | created              | 0f0a6d6e-6f0f-4f0e-8a53-1f6a9d0c9a11 | 2024-01-24T21:30:00Z
canvas/rescheduled                      | rescheduled          | 317d8c8d-6bfc-4d09-bf33-037718cd942a | 2021-12-24T21:30:00Z
canvas/cancelled                        | cancelled            | 317d8c8d-6bfc-4d09-bf33-037718cd942a | -
canvas/reverted                         | reverted             | 317d8c8d-6bfc-4d09-bf33-037718cd942a | -
canvas/no-show                          | no_show              | 317d8c8d-6bfc-4d09-bf33-037718cd942a | -
canvas/checked-in                       | checked_in           | 317d8c8d-6bfc-4d09-bf33-037718cd942a | -
canvas/plugin-created                   | created              | 5a1f2b3c-0001 | 2024-01-24T21:30:00Z
canvas/plugin-rescheduled               | rescheduled          | 5a1f2b3c-0002 | 2024-01-25T21:30:00Z
canvas/plugin-cancelled                 | cancelled            | 5a1f2b3c-0001 | 2024-01-24T21:30:00Z
canvas/plugin-no-show                   | no_show              | 5a1f2b3c-0001 | 2024-01-24T21:30:00Z
fhir-subscription/handshake             | handshake            | -             | -
fhir-subscription/heartbeat             | heartbeat            | -             | -
fhir-subscription/heartbeat-r4b         | heartbeat            | -             | -
fhir-subscription/full-resource-r4      | changed              | a-1           | 2024-03-04T15:00:00Z
fhir-subscription/full-resource-r4b     | changed              | a-1           | 2024-03-05T18:00:00Z
fhir-subscription/full-resource-r5      | changed              | a-1           | 2024-03-05T18:00:00Z
fhir-subscription/id-only-r4            | changed              | a-1           | -
fhir-subscription/id-only-r4b           | changed              | a-1           | -
fhir-subscription/several-events        | changed              | a-1 a-2       | 2024-03-04T15:00:00Z 2024-03-06T15:00:00Z
fhir-subscription/query-events          | changed              | a-2 a-1       | - -
fhir-subscription/deleted               | deleted              | a-1           | -
fhir-subscription/empty-content         | something-changed    | -             | -
fhir-subscription/another-type          | of-another-resource-type | -         | -
fhir-subscription/resource-alone        | changed              | a-1           | 2024-03-04T15:00:00Z
fhir-subscription/athenahealth-schedule | schedule             | a-1959031.E-12 | -
fhir-subscription/athenahealth-several  | reschedule           | a-1959031.E-12 a-1959031.E-13 | - -
fhir-subscription/athenahealth-freeze   | freeze               | a-1959031.E-14 | -
""")
  void eachFixtureSaysExactlyThis(String fixture, String label, String ids, String starts)
      throws Exception {
    byte[] body = Notifications.bytes(fixture);
    NotificationReader reader = readerOf(fixture);

    List<Part> parts = reader.glance(body);
    assertThat(parts).extracting(Part::label).containsOnly(label);
    assertThat(parts).extracting(Part::appointment).containsExactly(expected(ids));

    List<String> readStarts = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      Notice notice = reader.read(body, part, Notifications.CONTEXT);
      assertThat(notice.label()).isEqualTo(label);
      readStarts.add(start(notice));
      if (notice instanceof AppointmentNotice appointment) {
        assertThat(appointment.identifier()).isEqualTo(parts.get(part).appointment());
      }
    }
    assertThat(readStarts).containsExactly(expected(starts));
  }

  @Test
  void noFixtureIsForgotten() throws Exception {
    long rows =
        Arrays.stream(
                ReaderContractTest.class
                    .getDeclaredMethod(
                        "eachFixtureSaysExactlyThis",
                        String.class,
                        String.class,
                        String.class,
                        String.class)
                    .getAnnotation(CsvSource.class)
                    .textBlock()
                    .split("\n"))
            .filter(row -> !row.isBlank())
            .count();
    assertThat(rows).isEqualTo(fixtures().count());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsNoNotificationIsOneUnreadablePart(String kind) {
    for (Map.Entry<String, byte[]> junk : junk().entrySet()) {
      if (junk.getValue().length == 0 && saysSomethingByNothing(kind)) {
        continue;
      }
      NotificationReader reader = SourceKinds.reader(kind);
      assertThat(reader.glance(junk.getValue())).as(junk.getKey()).containsExactly(Part.UNREADABLE);
      assertThatExceptionOfType(UnreadableNotification.class)
          .as(junk.getKey())
          .isThrownBy(() -> reader.read(junk.getValue(), 0, Notifications.CONTEXT))
          .withMessageMatching("[^;]+; [^;]+\\. It is parked; .+\\.")
          .withNoCause();
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aTruncatedNotificationIsUnreadable(String fixture) {
    byte[] body = Notifications.bytes(fixture);
    NotificationReader reader = readerOf(fixture);
    int lastBrace = new String(body, StandardCharsets.ISO_8859_1).lastIndexOf('}');
    int shortest = saysSomethingByNothing(fixture.substring(0, fixture.indexOf('/'))) ? 1 : 0;
    for (int length = shortest; length <= lastBrace; length += 1 + length / 40) {
      byte[] start = Arrays.copyOf(body, length);
      assertThat(reader.glance(start)).containsExactly(Part.UNREADABLE);
    }
  }

  /** Each node of each fixture in turn becomes something else. */
  @ParameterizedTest
  @MethodSource("fixtures")
  void aWrongTypeAnywhereIsReadOrUnreadableAndNothingElse(String fixture) throws Exception {
    NotificationReader reader = readerOf(fixture);
    JsonNode original = Notifications.MAPPER.readTree(Notifications.bytes(fixture));
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    List<JsonNode> others =
        List.of(
            nodes.numberNode(-7),
            nodes.numberNode(1e300),
            nodes.textNode("x\u0000\ud800|y"),
            nodes.textNode("z".repeat(3_000)),
            nodes.booleanNode(true),
            nodes.nullNode(),
            nodes.arrayNode(),
            nodes.arrayNode().add(nodes.nullNode()).add("a").add(nodes.objectNode()),
            nodes.objectNode(),
            nodes.objectNode().put("url", "oldDateTime").put("value", 1));
    List<JsonPointer> places = new ArrayList<>();
    collect(original, JsonPointer.empty(), places);
    for (JsonPointer place : places) {
      for (JsonNode other : others) {
        byte[] body = Notifications.MAPPER.writeValueAsBytes(replaced(original, place, other));
        assertThatItIsReadOrUnreadable(reader, body, place + " = " + other);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void whatIsReadCanBeStored(String fixture) throws Exception {
    NotificationReader reader = readerOf(fixture);
    JsonNode original = Notifications.MAPPER.readTree(Notifications.bytes(fixture));
    List<JsonPointer> places = new ArrayList<>();
    collect(original, JsonPointer.empty(), places);
    for (JsonPointer place : places) {
      JsonNode odd = JsonNodeFactory.instance.textNode("a\u0000b\ud800c\u0007");
      byte[] body = Notifications.MAPPER.writeValueAsBytes(replaced(original, place, odd));
      assertThat(reader.glance(body).toString()).doesNotContain("\u0000", "\u0007", "\ud800");
      assertThat(shown(reader, body)).doesNotContain("\u0000", "\u0007", "\ud800");
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aKeyGivenTwiceIsUnreadable(String fixture) {
    String body = new String(Notifications.bytes(fixture), StandardCharsets.UTF_8);
    String twice = body.replaceFirst("\\{", "{\"x\": 1, \"x\": 2, ");
    assertThat(readerOf(fixture).glance(twice.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(Part.UNREADABLE);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void unknownKeysDoNoHarm(String fixture) throws Exception {
    byte[] body = Notifications.edited(fixture, root -> root.putObject("later").put("a", 1));
    NotificationReader reader = readerOf(fixture);
    assertThat(reader.glance(body))
        .extracting(Part::appointment)
        .containsExactlyElementsOf(
            reader.glance(Notifications.bytes(fixture)).stream().map(Part::appointment).toList());
    assertThat(reader.read(body, 0, Notifications.CONTEXT))
        .isEqualTo(reader.read(Notifications.bytes(fixture), 0, Notifications.CONTEXT));
  }

  private static void assertThatItIsReadOrUnreadable(
      NotificationReader reader, byte[] body, String what) {
    List<Part> parts = reader.glance(body);
    assertThat(parts).as(what).isNotEmpty();
    for (int part = 0; part < parts.size(); part++) {
      try {
        Notice notice = reader.read(body, part, Notifications.CONTEXT);
        assertThat(notice.label()).as(what).isEqualTo(parts.get(part).label());
        if (notice instanceof AppointmentNotice appointment) {
          assertThat(appointment.identifier()).as(what).isEqualTo(parts.get(part).appointment());
        }
      } catch (UnreadableNotification unreadable) {
        assertThat(unreadable.getMessage()).as(what).doesNotContain("zzzz", "\u0000");
      } catch (RuntimeException bug) {
        throw new AssertionError(what, bug);
      }
    }
  }

  private static String shown(NotificationReader reader, byte[] body) {
    try {
      Notice notice = reader.read(body, 0, Notifications.CONTEXT);
      boolean ofPatient = notice instanceof AppointmentNotice a && a.patient() != null;
      PatientProfile patient = ofPatient ? ((AppointmentNotice) notice).patient() : null;
      return notice
          + (patient == null
              ? ""
              : patient.reference()
                  + patient.givenName()
                  + patient.familyName()
                  + patient.contactPoints());
    } catch (UnreadableNotification unreadable) {
      return unreadable.getMessage();
    }
  }

  private static Map<String, byte[]> junk() {
    Map<String, byte[]> junk = new LinkedHashMap<>();
    for (String text :
        List.of(
            "",
            " ",
            "null",
            "true",
            "17",
            "\"text\"",
            "[]",
            "{}",
            "[{}]",
            "<html></html>",
            "a=b&c=d",
            "{\"a\":1} {\"b\":2}",
            "{\"a\":1}x",
            "{'a':1}",
            "{\"a\":NaN}",
            "\u0000",
            "{\"a\":1,}",
            "{\"resourceType\":\"Bundle\"}",
            "{\"Meta\":{}}",
            "{\"a\u0000\":1}")) {
      junk.put(text, text.getBytes(StandardCharsets.UTF_8));
    }
    junk.put("invalid UTF-8", new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '"', '}'});
    junk.put("binary", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 0, 1, (byte) 0xFF});
    junk.put("10 MB of arrays", "[".repeat(10_000_000).getBytes(StandardCharsets.UTF_8));
    junk.put("10 MB of objects", "{\"a\":".repeat(2_000_000).getBytes(StandardCharsets.UTF_8));
    junk.put("nesting that closes", nested(100_000));
    return junk;
  }

  private static byte[] nested(int depth) {
    return ("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** R4's rest-hook without payload is an empty POST. */
  private static boolean saysSomethingByNothing(String kind) {
    return kind.equals("fhir-subscription");
  }

  private static NotificationReader readerOf(String fixture) {
    return SourceKinds.reader(fixture.substring(0, fixture.indexOf('/')));
  }

  private static String[] expected(String words) {
    return Arrays.stream(words.split(" "))
        .map(word -> word.equals("-") ? null : word)
        .toArray(String[]::new);
  }

  private static String start(Notice notice) {
    if (notice instanceof AppointmentNotice appointment) {
      return appointment.details().start() == null
          ? null
          : appointment.details().start().toString();
    }
    if (notice instanceof SlotsNotice slots) {
      return slots.slots().get(0).start().toString();
    }
    assertThat(notice).isInstanceOf(OtherNotice.class);
    return null;
  }

  private static void collect(JsonNode node, JsonPointer place, List<JsonPointer> places) {
    if (!place.matches()) {
      places.add(place);
    }
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(name -> collect(object.get(name), place.appendProperty(name), places));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), place.appendIndex(i), places);
      }
    }
  }

  private static JsonNode replaced(JsonNode original, JsonPointer place, JsonNode other) {
    JsonNode copy = original.deepCopy();
    JsonNode parent = copy.at(place.head());
    if (parent instanceof ObjectNode object) {
      object.set(place.last().getMatchingProperty(), other);
    } else {
      ((ArrayNode) parent).set(place.last().getMatchingIndex(), other);
    }
    return copy;
  }
}
