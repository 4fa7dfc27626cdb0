package io.appointmentrelay.routes;

import java.util.Set;

/**
 * Which of the files below the routes' directory are read.
 *
 * @param sandbox whether those of the make-believe ends are
 * @param sourcesOff shipped sources that are not configured: their intake is left out
 */
public record RoutesInForce(boolean sandbox, Set<String> sourcesOff) {

  private static final String SANDBOX = "sandbox/";

  public RoutesInForce {
    sourcesOff = Set.copyOf(sourcesOff);
  }

  /** Whether a file is read, by its path below the directory. */
  boolean includes(String name) {
    boolean off =
        sourcesOff.stream()
            .map(source -> "intake/" + source)
            .anyMatch(
                file ->
                    name.equals(file + ".camel.yaml") || name.equals(file + "-clock.camel.yaml"));
    return !off && (sandbox || !name.startsWith(SANDBOX));
  }
}
