package io.appointmentrelay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing accepted is lost: a process that is killed in the middle has kept what it answered. */
class CrashTest {

  private static final int ANSWERED_BEFORE_THE_KILL = 500;

  @TempDir private Path directory;

  @Test
  @Timeout(120)
  void whatWasAnsweredIsInTheStoreAfterAKill() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("relay.db");
    Set<String> answered = new HashSet<>();
    for (int kill = 0; kill < 3; kill++) {
      answered.addAll(acceptUntilKilled(url));

      try (Store store = Store.open(SqliteDatabase.open(url), Clock.systemUTC())) {
        List<WaitingPart> waiting =
            store.inbox().waitingAfter(Position.BEFORE_ALL, Integer.MAX_VALUE);
        assertThat(answered).hasSizeGreaterThan(ANSWERED_BEFORE_THE_KILL * kill);
        assertThat(waiting).extracting(WaitingPart::id).containsAll(answered);
        assertThat(waiting)
            .allSatisfy(
                part -> assertThat(store.inbox().body(part.position().message())).isNotEmpty());
      }
    }
  }

  /** What the process said it had accepted, to its last whole line. */
  private List<String> acceptUntilKilled(String url) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWhileAccepting.class.getName(),
                url)
            .redirectErrorStream(true)
            .start();
    List<String> answered = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      while (line != null) {
        if (!line.startsWith(KilledWhileAccepting.ACCEPTED)) {
          others.add(line);
        } else if (line.matches(KilledWhileAccepting.ACCEPTED + "\\d+-1")) {
          answered.add(line.substring(KilledWhileAccepting.ACCEPTED.length()));
        }
        if (answered.size() == ANSWERED_BEFORE_THE_KILL) {
          process.destroyForcibly();
        }
        line = lineOrEnd(output);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(answered).as("the process said %s", others).isNotEmpty();
    return answered;
  }

  /** A killed process's stream ends or closes. */
  private static String lineOrEnd(BufferedReader output) {
    try {
      return output.readLine();
    } catch (IOException e) {
      return null;
    }
  }
}
