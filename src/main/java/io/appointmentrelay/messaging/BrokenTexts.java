package io.appointmentrelay.messaging;

import java.util.List;

/** The texts cannot be used as they are: says for each problem the file, the line and the cure. */
public final class BrokenTexts extends RuntimeException {

  private final List<String> problems;

  BrokenTexts(List<String> problems) {
    super(problems.size() + " problem(s) in the texts:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence or two for each problem, in the order of the files. */
  public List<String> problems() {
    return problems;
  }
}
