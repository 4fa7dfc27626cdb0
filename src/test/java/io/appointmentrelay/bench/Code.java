package io.appointmentrelay.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The rows that JMH measures: the readers beside Jackson's tree, and the renderer. */
final class Code {

  private Code() {}

  static void measure(List<Figure> figures) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("bench\\..*Benchmark")
                    .forks(1)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.seconds(1))
                    .build())
            .run();
    Map<String, Double> trees = new HashMap<>();
    for (RunResult result : results) {
      if (method(result).equals("tree")) {
        trees.put(sample(result), score(result));
      }
    }
    for (RunResult result : results) {
      switch (method(result)) {
        case "glance", "read" ->
            figures.add(
                Figure.beside(
                    trees.get(sample(result)),
                    method(result) + " of " + sample(result) + ", beside Jackson's tree",
                    score(result),
                    "/s",
                    ""));
        case "email", "sms" ->
            figures.add(
                Figure.alone("wording of a text, " + method(result), score(result), "/s", ""));
        default -> {}
      }
    }
  }

  private static String method(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String sample(RunResult result) {
    return result.getParams().getParam("sample");
  }

  private static double score(RunResult result) {
    return result.getPrimaryResult().getScore();
  }
}
