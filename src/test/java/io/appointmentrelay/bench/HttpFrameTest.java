package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFrameTest {
  private final HttpFrame frame = new HttpFrame("webhook-id");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n"
      })
  void aMessageEndsWhereItsBodyEnds(String message) {
    byte[] twice = (message + message).getBytes(US_ASCII);

    assertThat(frame.length(twice, 0, twice.length)).isEqualTo(message.length());
    assertThat(frame.length(twice, message.length(), twice.length)).isEqualTo(message.length());
    for (int to = 0; to < message.length(); to++) {
      assertThat(frame.length(twice, 0, to)).isEqualTo(-1);
    }
  }

  @Test
  void statusAndHeaderAreRead() {
    byte[] answer = "HTTP/1.1 503 x\r\nWEBHOOK-ID: d-7 \r\nA: b\r\n\r\n".getBytes(US_ASCII);

    assertThat(frame.length(answer, 0, answer.length)).isEqualTo(answer.length);
    assertThat(HttpFrame.status(answer, 0)).isEqualTo(503);
    assertThat(frame.header(answer)).isEqualTo("d-7");
  }

  @Test
  void aHeaderThatIsNotThereIsEmpty() {
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);

    frame.length(answer, 0, answer.length);
    assertThat(frame.header(answer)).isEmpty();
  }
}
