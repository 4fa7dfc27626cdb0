package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release that is put in place by a link. */
class LinkedRoutesTest {

  @Test
  void routesBehindALinkTakeNotificationsIn(@TempDir Path directory) throws IOException {
    Path link =
        Files.createSymbolicLink(directory.resolve("routes"), Path.of("routes").toAbsolutePath());

    try (RunningRelay relay = RunningRelay.shipped().routes(link).start()) {
      relay.hear("redox-scheduling", Coming.booked("linked", 9));

      assertThat(relay.events("redox-scheduling", "linked")).containsExactly("BOOKED");
    }
  }
}
