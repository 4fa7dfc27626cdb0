package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.appointment.ReplanReport;
import io.appointmentrelay.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Whatever has happened, as long as nobody edits the routes there is nothing to re-plan: what waits
 * is what the path of the last change plans.
 */
class ReplanChangesNothingPropertiesTest {

  private Path directory;
  private Rules rules;
  private RelayByHand relay;
  private int lives;
  private long looks;
  private long visits;

  @BeforeProperty
  void open() throws Exception {
    directory = Files.createTempDirectory(Path.of("target"), "replans-");
    Settings settings = Bench.settings(directory);
    rules = Bench.rules(settings);
    relay = new RelayByHand(directory, settings);
    relay.afterEach(this::looks);
  }

  @AfterProperty
  void close() throws IOException {
    System.out.printf("%d lives, %d looks at %d visits to come%n", lives, looks, visits);
    relay.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private void looks() {
    ReplanReport report = relay.replans();
    assertThat(report.added().items()).isEmpty();
    assertThat(report.dropped().items()).isEmpty();
    assertThat(report.retimed().items()).isEmpty();
    assertThat(report.failed().items()).isEmpty();
    looks++;
    visits += report.appointments();
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void withoutAnEditThereIsNothingToChange(@ForAll("lives") Life life) {
    try {
      life.live("replan" + ++lives, rules, new Both(relay, new Oracle(rules)));
    } finally {
      relay.forgets();
    }
  }

  /**
   * Without what a re-planning rightly mends: a start that came to be known by a notice that
   * changed nothing, and an hour that was past before the clock was put back.
   */
  @Provide
  Arbitrary<Life> lives() {
    return Lives.any().filter(ReplanChangesNothingPropertiesTest::isPlain);
  }

  private static boolean isPlain(Life life) {
    return life.acts().stream()
        .allMatch(
            act ->
                act instanceof Life.Tells tells
                    ? tells.day() != null
                    : act instanceof Life.Overtakes overtakes
                        ? overtakes.tells().day() != null
                        : !(act instanceof Life.IsPutBack));
  }
}
