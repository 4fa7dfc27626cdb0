package io.appointmentrelay.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A run that has ended.
 *
 * @param printed standard output and standard error, as they came
 */
public record Finished(int status, String printed) {

  private static final int PATIENCE_SECONDS = 60;

  public static Finished of(Process process) throws IOException, InterruptedException {
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the command ends").isTrue();
    return new Finished(process.exitValue(), printed);
  }
}
