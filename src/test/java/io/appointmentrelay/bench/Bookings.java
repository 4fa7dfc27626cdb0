package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.command.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The notifications of one run: lightweight Redox FHIR bookings that differ in Bundle.id,
 * appointment, patient and start. Everything that varies has a fixed width, so that a request is
 * made by overwriting bytes of the one before.
 */
final class Bookings {

  /** A number's width; a run has at most 100 million notifications. */
  static final int DIGITS = 8;

  private static final String NUMBER = "@".repeat(DIGITS);
  private static final String START = "<start-minute-->";
  private static final String END = "<end-minute---->";

  /** Coming weeks, working hours. */
  private static final int DAYS = 28;

  private static final int FIRST_HOUR = 8;
  private static final int LAST_HOUR = 17;
  private static final int VISIT_MINUTES = 30;

  private final String visitPrefix;
  private final byte[] template;
  private final int bodyLength;
  private final int[] numbers;
  private final int start;
  private final int end;
  private final List<byte[]> starts = new ArrayList<>();
  private final List<byte[]> ends = new ArrayList<>();
  private long[] writtenNanos = new long[1024];

  Bookings(URI url, String token) {
    String run =
        Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 60_000_000), 36);
    visitPrefix = "V" + run + "x";
    String body = body(run);
    bodyLength = body.length();
    String request =
        "POST "
            + url.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + url.getAuthority()
            + "\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + bodyLength
            + "\r\n\r\n"
            + body;
    template = request.getBytes(US_ASCII);
    numbers = placesOf(NUMBER, request);
    start = request.indexOf(START);
    end = request.indexOf(END);
    fillVisitTimes();
  }

  private String body(String run) {
    try {
      ObjectMapper json = new ObjectMapper();
      byte[] booked = Samples.shipped().named("redox-fhir/booked").orElseThrow().body();
      return json.readTree(booked)
          .toString()
          .replace("SchedulingEventAppointmentBookedBundleExample", "load-" + run + "-" + NUMBER)
          .replace("321654654", visitPrefix + NUMBER)
          .replace("kyHGADnvX3xbkU4V9ayaqh", "MR" + NUMBER)
          .replace("M23462346", "M" + NUMBER)
          .replace("2022-06-06T05:00", START)
          .replace("2022-06-06T06:00", END)
          .replace(
              "2021-12-17T20:33:22.422Z", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fillVisitTimes() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (int day = 1; day <= DAYS; day++) {
      for (int hour = FIRST_HOUR; hour <= LAST_HOUR; hour++) {
        LocalDateTime visit = today.plusDays(day).atTime(hour, 0);
        starts.add(visit.toString().getBytes(US_ASCII));
        ends.add(visit.plusMinutes(VISIT_MINUTES).toString().getBytes(US_ASCII));
      }
    }
  }

  private static int[] placesOf(String placeholder, String text) {
    List<Integer> places = new ArrayList<>();
    for (int at = text.indexOf(placeholder); at >= 0; at = text.indexOf(placeholder, at + 1)) {
      places.add(at);
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What stands before the number in this run's appointment identifiers, and nowhere else. */
  byte[] visitPrefix() {
    return visitPrefix.getBytes(US_ASCII);
  }

  /** The size of a body in bytes. */
  int bodyLength() {
    return bodyLength;
  }

  /** A request to be {@linkplain #write written} again and again by one connection. */
  byte[] request() {
    return template.clone();
  }

  /** When the request of this number was last made, by {@link System#nanoTime}. */
  long writtenNanos(int number) {
    return writtenNanos[number];
  }

  /** Makes {@code request} the one of this number. */
  void write(int number, byte[] request) {
    if (number >= writtenNanos.length) {
      writtenNanos = Arrays.copyOf(writtenNanos, 2 * number);
    }
    writtenNanos[number] = System.nanoTime();
    for (int place : numbers) {
      int rest = number;
      for (int i = place + DIGITS - 1; i >= place; i--) {
        request[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    int time = number % starts.size();
    System.arraycopy(starts.get(time), 0, request, start, START.length());
    System.arraycopy(ends.get(time), 0, request, end, END.length());
  }
}
