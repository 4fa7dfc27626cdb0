package io.appointmentrelay.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.appointment.Notice;
import io.appointmentrelay.command.Samples;
import io.appointmentrelay.intake.NotificationReader;
import io.appointmentrelay.intake.Part;
import io.appointmentrelay.intake.ReadingContext;
import io.appointmentrelay.intake.SourceKinds;
import io.appointmentrelay.intake.UnreadableNotification;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a notification costs at the door and in full, beside Jackson's tree of the same bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ReadersBenchmark {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ReadingContext CONTEXT =
      new ReadingContext(ZoneId.of("America/Chicago"), Instant.EPOCH);

  /** A shipped notification of each kind. */
  @Param({
    "redox-fhir/booked",
    "redox-fhir/booked-detailed",
    "redox-scheduling/new",
    "canvas/created",
    "fhir-subscription/booked"
  })
  public String sample;

  private byte[] body;
  private NotificationReader reader;

  /** Finds the sample and its reader. */
  @Setup
  public void find() {
    body = Samples.shipped().named(sample).orElseThrow().body();
    reader = SourceKinds.reader(sample.substring(0, sample.indexOf('/')));
  }

  /** The limit beside both. */
  @Benchmark
  public JsonNode tree() throws IOException {
    return JSON.readTree(body);
  }

  /** Before the 200. */
  @Benchmark
  public List<Part> glance() {
    return reader.glance(body);
  }

  /** When it runs. */
  @Benchmark
  public Notice read() throws UnreadableNotification {
    return reader.read(body, 0, CONTEXT);
  }
}
