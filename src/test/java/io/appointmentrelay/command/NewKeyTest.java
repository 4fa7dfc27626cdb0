package io.appointmentrelay.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.settings.Settings;
import io.appointmentrelay.settings.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewKeyTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2027-03-01T18:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter problems = new StringWriter();

  private int run(Path file) {
    return new NewKey(CLOCK).run(file, new PrintWriter(out, true), new PrintWriter(problems, true));
  }

  private List<Settings.StoreKey> keys(String value) {
    Properties given = new Properties();
    given.put("relay.source.canvas.kind", "canvas");
    given.put("relay.store.key", value);
    return SettingsReader.read(directory.resolve("none"), Map.of(), given, Set.of("canvas"))
        .storeKeys();
  }

  @Test
  void whatItPrintsIsASetting() {
    assertThat(run(null)).isZero();

    assertThat(keys(out.toString().strip()))
        .singleElement()
        .satisfies(key -> assertThat(key.id()).matches("2027-03-01-[0-9a-f]{4}"));
  }

  @Test
  void aFileIsItsOwnersAloneAndNotShown() throws IOException {
    Path file = directory.resolve("store.key");

    assertThat(run(file)).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String key = Files.readString(file).strip();
    assertThat(out.toString()).contains("Keep a copy").doesNotContain(key.substring(16));
    assertThat(keys("file:" + file)).hasSize(1);
  }

  @Test
  void aKeyThatIsThereIsNotOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("store.key"), "precious");

    assertThat(run(file)).isEqualTo(1);
    assertThat(run(directory.resolve("nowhere/store.key"))).isEqualTo(1);

    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(problems.toString())
        .contains("expects a file that is not there yet")
        .contains("expects a directory that can be written");
  }
}
