package io.appointmentrelay.proof;

import io.appointmentrelay.settings.InvalidSettings;
import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The settings that relay and oracle go by. */
final class Bench {

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("relay.sandbox", "false"),
          Map.entry("relay.source.canvas.token", "a-token-of-the-test"),
          Map.entry("relay.channel.email.host", "smtp.example.org"),
          Map.entry("relay.channel.email.from", "clinic@example.org"),
          Map.entry("relay.channel.sms.base-url", "https://sms.example.org"),
          Map.entry("relay.channel.sms.account", "AC1"),
          Map.entry("relay.channel.sms.token", "another-token"),
          Map.entry("relay.channel.sms.from", "+13125550100"),
          Map.entry("relay.channel.webhook.url", "https://hooks.example.org/"),
          Map.entry("relay.channel.webhook.secret", "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXJlbGF5"),
          Map.entry("relay.messaging.quiet-hours", "21:00-08:00"),
          Map.entry("relay.messaging.settle", "PT60S"),
          Map.entry("relay.messaging.too-late", "PT4H"));

  /** What the oracle knows nothing of is turned off, where the product knows it. */
  private static final Map<String, String> TURNED_OFF =
      Map.of(
          "relay.messaging.limit", "none",
          "relay.messaging.brake", "none",
          "relay.messaging.rebook-window", "PT0S");

  private Bench() {}

  static Settings settings(Path directory) {
    Properties properties = new Properties();
    properties.putAll(SETTINGS);
    for (Map.Entry<String, String> off : TURNED_OFF.entrySet()) {
      properties.put(off.getKey(), off.getValue());
      if (!isKnown(directory, properties)) {
        properties.remove(off.getKey());
      }
    }
    return read(directory, properties);
  }

  /** What is turned off above stays on, as shipped. */
  static Settings settings(Path directory, Map<String, String> more) {
    Properties properties = new Properties();
    properties.putAll(SETTINGS);
    properties.putAll(more);
    return read(directory, properties);
  }

  private static boolean isKnown(Path directory, Properties properties) {
    try {
      read(directory, properties);
      return true;
    } catch (InvalidSettings refused) {
      return false;
    }
  }

  private static Settings read(Path directory, Properties properties) {
    return SettingsReader.read(
        directory.resolve("application.properties"),
        Map.of(),
        properties,
        Set.of("redox-fhir", "redox-scheduling", "canvas"));
  }

  static Rules rules(Settings settings) {
    return new Rules(
        settings.messaging().settle(),
        LocalTime.of(21, 0),
        LocalTime.of(8, 0),
        Duration.ofHours(4),
        settings.clinic().zone(),
        Rules.preparation(Path.of("routes")));
  }
}
