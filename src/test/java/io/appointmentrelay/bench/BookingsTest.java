package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BookingsTest {
  private final Bookings bookings =
      new Bookings(URI.create("http://127.0.0.1:8080/webhooks/redox-fhir"), "sandbox-token");
  private final byte[] request = bookings.request();

  @Test
  void aRequestIsWhatRedoxSends() throws IOException {
    bookings.write(7, request);

    assertThat(new String(request, US_ASCII))
        .startsWith("POST /webhooks/redox-fhir HTTP/1.1\r\n")
        .contains("\r\nHost: 127.0.0.1:8080\r\n", "\r\nAuthorization: Bearer sandbox-token\r\n");
    assertThat(bookings.bodyLength()).isBetween(900, 1300);
    assertThat(new HttpFrame("x").length(request, 0, request.length)).isEqualTo(request.length);
    assertThat(body().path("id").asText()).startsWith("load-").endsWith("-00000007");
    assertThat(body().findValuesAsText("fullUrl").get(1))
        .endsWith(new String(bookings.visitPrefix(), US_ASCII) + "00000007");
  }

  @Test
  void theVisitIsInTheComingWeeks() throws IOException {
    for (int number = 0; number < 1000; number += 13) {
      bookings.write(number, request);
      JsonNode visit = body().path("entry").path(2).path("resource");
      Instant start = Instant.parse(visit.path("start").asText());

      assertThat(start).isAfter(Instant.now());
      assertThat(start).isBefore(Instant.now().plus(Duration.ofDays(30)));
      assertThat(Instant.parse(visit.path("end").asText()))
          .isEqualTo(start.plus(Duration.ofMinutes(30)));
    }
  }

  @Test
  void twoNumbersAreTwoNotifications() throws IOException {
    bookings.write(12_345_678, request);
    JsonNode one = body();
    bookings.write(9, request);

    assertThat(body().path("id")).isNotEqualTo(one.path("id"));
    assertThat(body().path("id").asText()).endsWith("-00000009");
  }

  private JsonNode body() throws IOException {
    int from = request.length - bookings.bodyLength();
    return new ObjectMapper().readTree(request, from, bookings.bodyLength());
  }
}
