package io.appointmentrelay.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged jar as a process of its own, in an installation of its own with no FHIR server to
 * ask, and its store on the disk that is to be measured.
 */
final class StartedRelay implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile(
          "Ready after (\\d+) ms: POST http://[^ ]*:(\\d+)/.* console http://[^ ]*:(\\d+)/");
  private static final String ONLY_A_WEBHOOK =
      """
      - route:
          id: booked
          from:
            uri: direct:booked
            steps:
              - to:
                  uri: outbox:webhook
      """;

  /** How it is to be started; nothing yet runs. */
  static final class Setup {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> jvm = new ArrayList<>();
    private final Path directory;
    private @Nullable Path launcher;

    Setup() throws IOException {
      directory =
          Files.createTempDirectory(Files.createDirectories(Path.of("target", "bench")), "relay-");
      copy(Path.of("routes"), directory.resolve("routes"));
      Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
      set("relay.http.port", "0");
      set("relay.source.redox-fhir.fhir.base-url", "none");
      set("relay.messaging.brake", "none");
      set("relay.messaging.limit", "none");
    }

    Setup set(String name, String value) {
      settings.put(name, value);
      return this;
    }

    Setup jvm(String option) {
      jvm.add(option);
      return this;
    }

    /** By the distribution's script, prepared, instead of {@code java -jar}. */
    Setup launched() throws IOException {
      Path unpacked = Files.createTempDirectory(directory.getParent(), "distribution-");
      Path archive = Path.of("target", "appointment-relay-dist.tar.gz");
      finish("tar", "-xzf", archive.toString(), "-C", unpacked.toString(), "--strip-components=1");
      Path script = unpacked.resolve("bin").resolve("appointment-relay").toAbsolutePath();
      finish(script.toString(), "prepare");
      launcher = script;
      return this;
    }

    private static void finish(String... command) throws IOException {
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (process.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(command[0] + " was expected to end with 0; it did not.");
      }
    }

    /** Each booking causes one webhook to this port and nothing else. */
    Setup webhooksAloneTo(int port) throws IOException {
      Files.writeString(directory.resolve("routes/appointment/booked.camel.yaml"), ONLY_A_WEBHOOK);
      return webhooksTo(port);
    }

    Setup webhooksTo(int port) {
      return set("relay.channel.webhook.url", "http://127.0.0.1:" + port + "/");
    }

    Path store() {
      return storeIn(directory);
    }

    StartedRelay start() throws IOException {
      List<String> command = new ArrayList<>();
      command.add(
          launcher == null
              ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
              : launcher.toString());
      command.addAll(jvm);
      settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
      if (launcher == null) {
        command.add("-jar");
        command.add(Path.of("target", "appointment-relay.jar").toAbsolutePath().toString());
      }
      long begun = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      return new StartedRelay(process, directory, begun);
    }

    void delete() throws IOException {
      Folders.delete(directory);
    }

    private static void copy(Path from, Path to) throws IOException {
      try (Stream<Path> all = Files.walk(from)) {
        for (Path path : all.toList()) {
          Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
      }
    }
  }

  private final Process process;
  private final Path directory;
  private final long readyNanos;
  private final Matcher ready;

  private StartedRelay(Process process, Path directory, long begun) {
    this.process = process;
    this.directory = directory;
    CompletableFuture<Matcher> said = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, said), "relay-log");
    reader.setDaemon(true);
    reader.start();
    this.ready = said.orTimeout(10, TimeUnit.MINUTES).join();
    this.readyNanos = System.nanoTime() - begun;
  }

  private static void read(Process process, CompletableFuture<Matcher> said) {
    StringBuilder log = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          said.complete(matcher);
        }
        if (!said.isDone()) {
          log.append(line).append('\n');
        }
      }
      said.completeExceptionally(new IllegalStateException("It did not start:\n" + log));
    } catch (IOException e) {
      said.completeExceptionally(new UncheckedIOException(e));
    }
  }

  /** From the start of the process until it said that senders may come. */
  double secondsToStart() {
    return readyNanos / 1e9;
  }

  URI webhooks(String source) {
    return URI.create("http://127.0.0.1:" + ready.group(2) + "/webhooks/" + source);
  }

  URI console() {
    return URI.create("http://127.0.0.1:" + ready.group(3));
  }

  long residentMegabytes() throws IOException {
    return number(Path.of("/proc", String.valueOf(process.pid()), "status"), "VmRSS:") >> 10;
  }

  /** What it caused to be written to disk so far, in bytes. */
  long bytesWritten() throws IOException {
    return number(Path.of("/proc", String.valueOf(process.pid()), "io"), "write_bytes:");
  }

  /** How large its SQLite store is, without the log. */
  long storeBytes() throws IOException {
    return Files.size(storeIn(directory));
  }

  private static Path storeIn(Path directory) {
    return directory.resolve("data").resolve("relay.db");
  }

  private static long number(Path file, String name) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Ends it as a service manager does. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it and deletes its installation. */
  @Override
  public void close() throws IOException {
    stop();
    Folders.delete(directory);
  }
}
