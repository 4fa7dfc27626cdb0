package io.appointmentrelay.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.appointmentrelay.process.Finished;
import io.appointmentrelay.process.Installation;
import io.appointmentrelay.process.StoreView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** SQLite on a small file system of its own, which only root may mount. */
final class SmallDisk implements Site {

  private static final String SIZE = "size=256m";

  private final Path disk;
  private final Path filler;
  private Installation installation;

  private SmallDisk(Path disk) {
    this.disk = disk;
    this.filler = disk.resolve("filler");
  }

  static SmallDisk in(Path directory) throws Exception {
    Path disk = Files.createDirectories(directory.resolve("small-disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", SIZE, "relay-faults", disk.toString()),
        "A small disk cannot be mounted here (that takes root on Linux), so a full one cannot be had;"
            + " run this on a machine or in a container that allows it");
    return new SmallDisk(disk);
  }

  @Override
  public Installation installed(Path directory, int smtpPort, int httpPort) throws Exception {
    installation =
        Installation.in(directory)
            .sendingTo(smtpPort, httpPort)
            .set("relay.data-dir", disk.toString());
    return installation;
  }

  @Override
  public StoreView view() {
    return new StoreView(installation.store());
  }

  @Override
  public int processes() {
    return 1;
  }

  @Override
  public void fill() throws Exception {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // As it should be.
    }
  }

  @Override
  public void free() throws Exception {
    Files.deleteIfExists(filler);
  }

  @Override
  public void close() throws IOException {
    try {
      succeeds("umount", "-l", disk.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return Finished.of(new ProcessBuilder(command).redirectErrorStream(true).start()).status()
          == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
