package io.appointmentrelay.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever happens to appointments and on the way to us, each patient is told what the rules say,
 * when they say it, once; and systems hear every event in order. One side is the product, from the
 * shipped routes to the store; the other an oracle written from the rules' tables alone.
 */
class WhatPatientsAreToldPropertiesTest {

  private static Path directory;
  private static RelayByHand relay;
  private static Rules rules;
  private static int lives;
  private static long visits;
  private static long messages;
  private static final Map<String, Integer> SAID = new HashMap<>();

  @BeforeContainer
  static void open() throws Exception {
    directory = Files.createTempDirectory(Path.of("target"), "lives-");
    Settings settings = Bench.settings(directory);
    rules = Bench.rules(settings);
    relay = new RelayByHand(directory, settings);
  }

  @AfterContainer
  static void close() throws IOException {
    System.out.printf(
        "%d lives with %d appointments and %d messages: %s%n", lives, visits, messages, SAID);
    relay.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** {@code -Djqwik.tries.default=20000} for a long look; 1000 are about 2000 appointments. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void eachPatientIsToldWhatTheRulesSay(@ForAll("lives") Life life) {
    Oracle oracle = new Oracle(rules);
    try {
      life.live("life" + ++lives, rules, new Both(relay, oracle));

      assertThat(lines(relay.messages())).isEqualTo(lines(oracle.messages()));
      assertThat(repeats(relay.messages())).isEqualTo(repeats(oracle.messages()));
      assertThat(byAppointment(relay.events())).isEqualTo(byAppointment(oracle.events()));
      visits += life.visits();
      messages += relay.messages().size();
      relay.messages().forEach(message -> SAID.merge(message.text(), 1, Integer::sum));
    } finally {
      relay.forgets();
    }
  }

  private static String lines(List<Message> messages) {
    return String.join("\n", messages.stream().map(Message::toString).toList());
  }

  /** For each message the one whose key it repeats: a message sent again must be known as that. */
  private static List<Integer> repeats(List<Message> messages) {
    List<String> keys = new ArrayList<>(messages.stream().map(Message::key).toList());
    return keys.stream().map(keys::indexOf).toList();
  }

  private static Map<String, List<String>> byAppointment(List<RelayByHand.Event> events) {
    return events.stream()
        .collect(
            Collectors.groupingBy(
                RelayByHand.Event::appointment,
                Collectors.mapping(RelayByHand.Event::kind, Collectors.toList())));
  }

  @Provide
  Arbitrary<Life> lives() {
    return Lives.any();
  }
}
