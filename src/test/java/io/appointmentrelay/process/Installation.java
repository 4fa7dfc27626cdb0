package io.appointmentrelay.process;

import io.appointmentrelay.store.StoreAddress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory as an operator has it: the built jar, its libraries, the routes and the settings. Its
 * own data directory, any free ports, nothing shared with another installation.
 */
public final class Installation {

  private static final Path BUILT = Path.of("target").toAbsolutePath();

  private final Path directory;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private String main = "-jar";
  private final List<String> jvm = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC"));

  private Installation(Path directory) {
    this.directory = directory;
  }

  /** Copies what the build has made. Libraries are linked where possible: they are large. */
  public static Installation in(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.copy(BUILT.resolve("appointment-relay.jar"), directory.resolve("appointment-relay.jar"));
    linkTree(BUILT.resolve("lib"), directory.resolve("lib"));
    Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
    copyTree(Path.of("routes"), directory.resolve("routes"));
    return at(directory).set("relay.http.port", "0").set("relay.console.port", "0");
  }

  /** What is there already, with its own settings. */
  public static Installation at(Path directory) {
    return new Installation(directory);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void linkTree(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> all = Files.list(from)) {
      for (Path path : all.toList()) {
        Path link = to.resolve(path.getFileName().toString());
        try {
          Files.createLink(link, path);
        } catch (IOException | UnsupportedOperationException otherDisk) {
          Files.copy(path, link);
        }
      }
    }
  }

  public Installation set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** Sends to real ends that are in this process, as to a clinic's own: no sandbox. */
  public Installation sendingTo(int smtpPort, int httpPort) {
    String http = "http://127.0.0.1:" + httpPort;
    set("relay.sandbox", "false");
    for (String source : List.of("redox-fhir", "redox-scheduling", "canvas")) {
      set("relay.source." + source + ".token", Senders.TOKEN);
    }
    set("relay.channel.email.host", "127.0.0.1");
    set("relay.channel.email.port", String.valueOf(smtpPort));
    set("relay.channel.email.tls", "none");
    set("relay.channel.email.from", "Clinic <clinic@clinic-mail.net>");
    set("relay.channel.sms.base-url", http + "/sms");
    set("relay.channel.sms.account", "AC1");
    set("relay.channel.sms.token", "sms-token-of-the-test");
    set("relay.channel.sms.from", "+13125550100");
    set("relay.channel.webhook.url", http + "/webhook");
    set("relay.channel.webhook.secret", "whsec_c2VjcmV0LW9mLXRoZS1wcm9jZXNzLXRlc3Rz");
    set("relay.channel.webhook.allow-private", "true");
    set("relay.messaging.quiet-hours", "none");
    set("relay.messaging.rebook-window", "PT0S");
    // Hundreds of made-up lives within a minute are what the brake is for.
    set("relay.messaging.brake", "none");
    return set("relay.messaging.settle", "PT0S");
  }

  /** Its store is elsewhere. */
  public Installation reading(StoreAddress store) {
    set("relay.store.url", store.url());
    set("relay.store.user", String.valueOf(store.user()));
    return set("relay.store.password", String.valueOf(store.password()));
  }

  /** The same jar, told the time by a clock that a test moves. */
  public Installation toldTheTimeBy(String mainClass, String property, Path file) {
    main = mainClass;
    jvm.add("-D" + property + "=" + file);
    return this;
  }

  public Path directory() {
    return directory;
  }

  public Path store() {
    return directory.resolve(settings.getOrDefault("relay.data-dir", "data")).resolve("relay.db");
  }

  /** Serves, in the background. */
  public RelayProcess start() throws IOException {
    return new RelayProcess(launch(List.of()));
  }

  /** Runs a command to its end. */
  public Finished run(String... arguments) throws IOException, InterruptedException {
    return Finished.of(launch(List.of(arguments)));
  }

  private Process launch(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Half the time to start; what is measured here is never speed.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(jvm);
    settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
    if (main.equals("-jar")) {
      command.add("-jar");
      command.add("appointment-relay.jar");
    } else {
      command.add("-cp");
      command.add("appointment-relay.jar" + File.pathSeparator + BUILT.resolve("test-classes"));
      command.add(main);
    }
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    builder.environment().keySet().removeIf(name -> name.startsWith("RELAY_"));
    return builder.start();
  }
}
