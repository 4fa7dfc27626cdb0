package io.appointmentrelay.bench;

import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.messaging.WordedMessage;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What wording a shipped text costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RendererBenchmark {

  private Texts texts;
  private Clinic clinic;

  /** Compiles the texts. */
  @Setup
  public void load() {
    texts = Texts.load(Path.of("routes", "channel", "texts"), Map.of());
    clinic = new Clinic("Good Health Clinic", null, ZoneId.of("America/Chicago"), "US", null);
  }

  /** Subject, text and HTML. */
  @Benchmark
  public WordedMessage email() {
    return texts.preview("rescheduled", "email", "es", clinic);
  }

  /** A text message. */
  @Benchmark
  public WordedMessage sms() {
    return texts.preview("rescheduled", "sms", "es", clinic);
  }
}
