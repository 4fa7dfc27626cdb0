package io.appointmentrelay.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More appointments than one answer is about, from something that answers as the console does. */
class ReplanPagesTest {

  private static final String NONE = "{\"count\":0,\"items\":[]}";
  private static final String ITEM =
      "{\"source\":\"canvas\",\"appointment\":\"a\",\"start\":null,\"text\":\"reminder\",\"channel\":\"sms\","
          + "\"oldLead\":null,\"newLead\":\"-P2D\",\"oldDue\":null,\"newDue\":\"2026-03-07T15:30:00Z\"}";

  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final StringWriter said = new StringWriter();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          byte[] answer = answers.remove().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.length > 100 ? 200 : 503, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private int run(boolean confirm) {
    return new Replan(new ConsoleClient(server.getAddress().getPort()))
        .run(confirm, new PrintWriter(said, true));
  }

  private static String page(int appointments, int added, int listed, String failed, String next) {
    return "{\"confirmed\":true,\"appointments\":%d,\"added\":{\"count\":%d,\"items\":[%s]},\"dropped\":%s,\"retimed\":%s,\"kept\":%s,\"changedMeanwhile\":0,\"failed\":%s,\"next\":%s}"
        .formatted(
            appointments,
            added,
            String.join(",", Collections.nCopies(listed, ITEM)),
            NONE,
            NONE,
            NONE,
            failed,
            next == null ? null : '"' + next + '"');
  }

  @Test
  void allPagesAreAskedForAndCountedTogether() {
    answers.add(page(90_000, 3, 3, NONE, "MQ&="));
    answers.add(page(10_001, 2, 2, NONE, null));
    assertThat(run(true)).isZero();
    assertThat(asked)
        .containsExactly(
            "POST /api/replan?confirm=true", "POST /api/replan?confirm=true&after=MQ%26%3D");
    assertThat(said.toString())
        .contains("… looked at 90000 appointments")
        .contains("Looked at 100001 appointments to come. Added: 5, dropped: 0, re-timed: 0.");
  }

  @Test
  void aTableIsNoLongerThanSomebodyReads() {
    answers.add(page(5000, 4000, 200, NONE, "MQ"));
    answers.add(page(5000, 4000, 200, NONE, null));
    assertThat(run(false)).isZero();
    assertThat(said.toString().lines().filter(line -> line.startsWith("added"))).hasSize(200);
    assertThat(said.toString()).contains("… and 7800 more");
  }

  @Test
  void whatWasNotDoneForAllIsNotDone() {
    String failed =
        "{\"count\":1,\"items\":[{\"source\":\"canvas\",\"appointment\":\"broken\",\"text\":null}]}";
    answers.add(page(10, 0, 0, failed, null));
    assertThat(run(true)).isEqualTo(1);
    assertThat(said.toString())
        .contains("canvas/broken")
        .contains("Left as they are: 1 appointment, for which a route failed.");
  }

  @Test
  void anAnswerThatRefusesEndsItWithItsSentence() {
    answers.add(page(90_000, 3, 3, NONE, "MQ"));
    answers.add("{\"error\":\"Look again in a moment.\"}");
    assertThat(run(true)).isEqualTo(1);
    assertThat(said.toString()).endsWith("Look again in a moment." + System.lineSeparator());
  }
}
