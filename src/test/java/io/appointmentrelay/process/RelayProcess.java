package io.appointmentrelay.process;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The relay as a child process. What it prints is kept; its ports are those it says it has. */
public final class RelayProcess implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile(
          "Ready after (\\d+) ms: POST http://[^ ]*:(\\d+)/webhooks/.* console http://[^ ]*:(\\d+)/");
  private static final Duration START_AT_MOST = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final long spawnedNanos = System.nanoTime();
  private volatile Matcher ready;

  public RelayProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "relay-log");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        Matcher matcher = READY.matcher(line.replace("\\/", "/"));
        if (matcher.find()) {
          ready = matcher;
        }
      }
    } catch (IOException e) {
      // The process was killed: there is nothing more to read.
    }
  }

  /** Waits for the line that says that the port for senders is open. */
  public RelayProcess awaitReady() {
    await("the relay is ready")
        .atMost(START_AT_MOST)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> ready != null || !process.isAlive());
    if (ready == null) {
      throw new AssertionError("The relay ended before it was ready:\n" + printed());
    }
    return this;
  }

  /** What it has worked, on all processors together. */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  public boolean isReady() {
    return ready != null;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** By {@link System#nanoTime}. */
  public long spawnedNanos() {
    return spawnedNanos;
  }

  public Duration tookToStart() {
    return Duration.ofMillis(Long.parseLong(ready.group(1)));
  }

  public URI senders() {
    return URI.create("http://127.0.0.1:" + ready.group(2));
  }

  public int port() {
    return Integer.parseInt(ready.group(2));
  }

  public URI console() {
    return URI.create("http://127.0.0.1:" + ready.group(3));
  }

  public String printed() {
    return String.join("\n", log);
  }

  /** As the kernel does when memory is short: no warning, no last word. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As a service manager does; returns the exit status. */
  public int stop(Duration atMost) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("Still running " + atMost + " after SIGTERM:\n" + printed());
    }
    return process.exitValue();
  }

  /** Resident memory in bytes, or 0 where the system does not tell. */
  public long residentBytes() {
    try {
      return java.nio.file.Files.lines(java.nio.file.Path.of("/proc/" + pid() + "/status"))
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
