package io.appointmentrelay.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a key for {@code relay.store.key}. */
public final class NewKey {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int BYTES = 32;

  private final Clock clock;

  public NewKey(Clock clock) {
    this.clock = clock;
  }

  /**
   * Prints it, or writes it into a new file that only its owner may read.
   *
   * @return the exit status: 0; 1 if there is no such file to be made
   */
  public int run(@Nullable Path file, PrintWriter out, PrintWriter problems) {
    String key = key();
    if (file == null) {
      out.println(key);
      return DONE;
    }
    try {
      write(file, key);
      out.println(
          "Written to " + file + ". Keep a copy elsewhere: without it the store cannot be read.");
      return DONE;
    } catch (FileAlreadyExistsException e) {
      problems.println(
          "key new expects a file that is not there yet; found one. Nothing was written: what it may seal would be lost with it.");
    } catch (IOException e) {
      problems.println(
          "key new expects a directory that can be written; found "
              + e.getClass().getSimpleName()
              + ". Nothing was written; correct the path.");
    }
    return NOT_DONE;
  }

  /** Its id says when it was made, and is its own also on a day of two. */
  private String key() {
    SecureRandom random = new SecureRandom();
    byte[] key = new byte[BYTES];
    byte[] own = new byte[2];
    random.nextBytes(key);
    random.nextBytes(own);
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
        + "-"
        + HexFormat.of().formatHex(own)
        + ":"
        + Base64.getEncoder().encodeToString(key);
  }

  private static void write(Path file, String key) throws IOException {
    boolean hasRights = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] rights =
        hasRights
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel =
            Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights);
        var stream = Channels.newOutputStream(channel)) {
      stream.write((key + System.lineSeparator()).getBytes(UTF_8));
    }
  }
}
