package io.appointmentrelay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.AppointmentNotice;
import io.appointmentrelay.appointment.Notice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Changed notifications, of any kind, given to the reader of any kind: read or unreadable, soon,
 * and nothing of them in the reason. What is found becomes a fixture. {@code mvn verify -Pfuzz}
 * goes on for longer.
 */
class ReadersFuzzTest {

  private static final Duration SOON = Duration.ofSeconds(2);

  private static final int EACH_TRY = 20;

  private static final List<String> NAMES = names();
  private static final List<byte[]> CORPUS = NAMES.stream().map(Notifications::bytes).toList();
  private static final List<String> KINDS = SourceKinds.names().stream().sorted().toList();

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void aChangedNotificationIsReadOrUnreadable(@ForAll long seed) {
    for (int more = 0; more < EACH_TRY; more++) {
      tryOne(seed + more);
    }
    // Changes that nobody reads any further prove nothing.
    Statistics.coverage(all -> all.check(true).percentage(share -> share > 15));
  }

  private static void tryOne(long seed) {
    int chosen = (int) Math.floorMod(seed, (long) CORPUS.size());
    byte[] body = new Mutation(seed, CORPUS).of(CORPUS.get(chosen));
    String own = NAMES.get(chosen).substring(0, NAMES.get(chosen).indexOf('/'));
    String kind =
        Math.floorMod(seed, 5L) == 0
            ? KINDS.get((int) Math.floorMod(seed, (long) KINDS.size()))
            : own;
    long begun = System.nanoTime();
    try {
      Statistics.collect(read(SourceKinds.reader(kind), body));
    } catch (RuntimeException | StackOverflowError | AssertionError finding) {
      throw new AssertionError(
          "A finding of %s, to become a fixture: %s"
              .formatted(kind, Base64.getEncoder().encodeToString(body)),
          finding);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
  }

  /** Whether at least one part was understood. */
  private static boolean read(NotificationReader reader, byte[] body) {
    List<Part> parts = reader.glance(body);
    assertThat(parts).isNotEmpty();
    boolean understood = false;
    for (int part = 0; part < parts.size(); part++) {
      try {
        Notice notice = reader.read(body, part, Notifications.CONTEXT);
        assertThat(notice.label()).isEqualTo(parts.get(part).label());
        if (notice instanceof AppointmentNotice appointment) {
          assertThat(appointment.identifier()).isEqualTo(parts.get(part).appointment());
        }
        canBeStored(notice.toString());
        understood = true;
      } catch (UnreadableNotification unreadable) {
        canBeStored(unreadable.getMessage());
        assertThat(unreadable.getMessage()).matches("(?s)[^;]+; [^;]+\\. .+\\.");
      }
    }
    return understood;
  }

  private static void canBeStored(String text) {
    assertThat(text).doesNotContain("\u0000");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
  }

  private static List<String> names() {
    Path fixtures = Path.of("src/test/resources/notifications");
    try (Stream<Path> files = Files.walk(fixtures)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(file -> fixtures.relativize(file).toString().replace(".json", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
