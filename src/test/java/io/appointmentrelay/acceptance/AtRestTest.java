package io.appointmentrelay.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.command.ConsoleClient;
import io.appointmentrelay.command.RotateKey;
import io.appointmentrelay.command.Sample;
import io.appointmentrelay.command.Samples;
import io.appointmentrelay.store.RawStore;
import io.appointmentrelay.store.SealingKey;
import io.appointmentrelay.store.StoreAddress;
import io.appointmentrelay.store.TestStore;
import io.appointmentrelay.store.WrongStoreKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is kept of patients, as somebody sees it who has the store and not its key. */
class AtRestTest {

  private static final ConsoleClient NOBODY = new ConsoleClient(RunningRelay.freePort());
  private static final String ONE = key("one", 1);
  private static final String TWO = key("two", 2);

  private static final List<Sample> SAMPLES =
      Samples.shipped().all().stream()
          .filter(sample -> !sample.source().equals("fhir-subscription"))
          .toList();

  private static String key(String id, int each) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) each);
    return id + ":" + Base64.getEncoder().encodeToString(key);
  }

  private static RunningRelay.Setup with(String keys) {
    return RunningRelay.with("relay.store.key", keys);
  }

  /** All samples, and somebody who is written to. */
  private static void livesOf(RunningRelay relay) {
    SAMPLES.forEach(sample -> relay.sendSample(sample.name(), false));
    relay.hear("redox-scheduling", Coming.booked("at rest", 9));
    relay.operate(
        "POST", "/api/opt-outs", "{\"recipient\":\"" + Coming.EMAIL + "\",\"purpose\":\"news\"}");
    relay.awaitIdleOutbox();
    assertThat(relay.messages("sms")).isNotEmpty();
    assertThat(relay.messages("email")).isNotEmpty();
  }

  private static Set<String> people() {
    Set<String> said = People.in(SAMPLES);
    said.addAll(
        List.of(
            "familyName",
            "\"before\"",
            "\"timestamp\"",
            "nothing yet",
            "c***@e***.org",
            "0000000112",
            "kyHGADnvX3xbkU4V9ayaqh"));
    assertThat(said).contains(Coming.EMAIL, Coming.PHONE, "Ejemplo", "12 Sample Street");
    return said;
  }

  private static List<String> found(RunningRelay relay) {
    return found(relay.everythingKept());
  }

  private static List<String> found(String kept) {
    return people().stream().filter(word -> says(kept, word)).toList();
  }

  /** Four letters come about by chance in what is sealed, which is base64: not as a word. */
  private static boolean says(String kept, String word) {
    return word.length() > 5
        ? kept.contains(word)
        : Pattern.compile("(?<![A-Za-z0-9+/])" + Pattern.quote(word) + "(?![A-Za-z0-9+/])")
            .matcher(kept)
            .find();
  }

  @Test
  void withAKeyTheStoreShowsNobody() {
    try (RunningRelay relay = with(ONE).start()) {
      livesOf(relay);

      assertThat(found(relay)).isEmpty();
      relay.assertAccountedFor();
      // It is all there for who may see it.
      JsonNode visit = relay.appointment("redox-scheduling", "at rest");
      assertThat(visit.path("timeline").get(0).path("event").asText()).isEqualTo("BOOKED");
      assertThat(relay.items("/api/appointments?patient=0000000112")).isEmpty();
      assertThat(bodies(relay)).anyMatch(body -> body.contains("12 Sample Street"));
      assertThat(relay.items("/api/opt-outs").get(0).path("recipient").asText())
          .isEqualTo("c***@e***.org");
    }
  }

  /** What the test above looks for would be found. */
  @Test
  void withoutAKeyItShowsEverybody() {
    try (RunningRelay relay = RunningRelay.shipped().start()) {
      livesOf(relay);

      assertThat(found(relay)).hasSizeGreaterThan(10).contains(Coming.EMAIL, "Ejemplo");
    }
  }

  @Test
  void aPlainStoreIsSealedAndTheKeyChangedWhileSendersSend() throws Exception {
    Path plain;
    try (RunningRelay relay = RunningRelay.shipped().start()) {
      livesOf(relay);
      plain = relay.asIfItDied();
    }
    Path sealed;
    try (RunningRelay relay = with(ONE).on(plain).start()) {
      assertThat(bodies(relay)).anyMatch(body -> body.contains("12 Sample Street"));
      assertThat(found(relay)).isNotEmpty();

      assertThat(rotatedUnderLoad(relay, "sealed"))
          .contains("values were sealed with the key 'one'")
          .contains("Everything is");

      assertThat(rotated(relay, 0)).contains("\n0 values were sealed");
      assertThat(found(RawStore.rows(relay.data()))).isEmpty();
      sealed = relay.stop();
    }
    // What the file has freed was in clear: a stopped relay's is written anew.
    assertThat(rotated(new RotateKey(NOBODY, stopped(sealed), Clock.systemUTC()), 0))
        .contains("0 values were sealed", "Everything is");
    assertThat(found(RawStore.of(sealed))).isEmpty();
    Path rotated;
    try (RunningRelay relay = with(TWO + "," + ONE).on(sealed).start()) {
      assertThat(rotatedUnderLoad(relay, "rotated")).contains("with the key 'two'", "Everything");
      assertThat(RawStore.rows(relay.data()).contains("sealed:one:")).isFalse();
      rotated = relay.asIfItDied();
    }
    try (RunningRelay relay = with(TWO).on(rotated).start()) {
      assertThat(bodies(relay)).anyMatch(body -> body.contains("12 Sample Street"));
      assertThat(relay.appointment("redox-scheduling", "at rest").path("version").asInt())
          .isEqualTo(1);
      assertThat(relay.items("/api/notifications?status=parked")).isEmpty();
      relay.assertAccountedFor();
    }
  }

  @Test
  void withTheWrongKeyItDoesNotStartAndWithTheRightOneNothingIsLost() {
    Path left;
    try (RunningRelay relay = with(ONE).start()) {
      relay.hear("redox-scheduling", Coming.booked("locked", 9));
      left = relay.asIfItDied();
    }
    for (RunningRelay.Setup wrong :
        List.of(RunningRelay.shipped(), with(TWO), with(key("one", 9)))) {
      assertThatThrownBy(() -> wrong.on(left).start())
          .isInstanceOf(WrongStoreKey.class)
          .hasMessageStartingWith("relay.store.key must have")
          .hasMessageContaining("found ")
          .hasMessageContaining("Nothing was changed");
    }
    try (RunningRelay relay = with(ONE).on(left).start()) {
      assertThat(relay.appointment("redox-scheduling", "locked").path("status").asText())
          .isEqualTo("booked");
      relay.assertAccountedFor();
    }
  }

  @Test
  void withoutAKeyNothingIsRotated() {
    try (RunningRelay relay = RunningRelay.shipped().start()) {
      assertThat(rotated(relay, 1)).contains("relay.store.key is unset", "Nothing was changed");
      assertThat(relay.operate("/api/keys/rotate?after=%00").statusCode()).isEqualTo(409);
    }
  }

  private static List<String> bodies(RunningRelay relay) {
    List<String> bodies = new ArrayList<>();
    relay
        .notifications()
        .forEach(
            one ->
                bodies.add(
                    relay
                        .api("/api/notifications/" + one.path("id").asText())
                        .path("body")
                        .asText()));
    return bodies;
  }

  private static String rotated(RunningRelay relay, int status) {
    ConsoleClient console = new ConsoleClient(relay.consolePort());
    return rotated(
        new RotateKey(console, StoreAddress.of("jdbc:sqlite:none"), Clock.systemUTC()), status);
  }

  private static StoreAddress stopped(Path data) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 1);
    return TestStore.address(data).sealedWith(List.of(new SealingKey("one", key)));
  }

  private static String rotated(RotateKey command, int status) {
    StringWriter said = new StringWriter();
    int ended = command.run(new PrintWriter(said, true));
    assertThat(ended).describedAs(said.toString()).isEqualTo(status);
    return said.toString();
  }

  /** Senders book and move while it goes on; all of it is taken, and in order. */
  private static String rotatedUnderLoad(RunningRelay relay, String name) throws Exception {
    AtomicBoolean on = new AtomicBoolean(true);
    CompletableFuture<Integer> sender =
        CompletableFuture.supplyAsync(
            () -> {
              int sent = 0;
              while (on.get() || sent < 20) {
                byte[] body = Coming.booked(name + "-" + sent, 3 + sent % 20);
                assertThat(relay.post("redox-scheduling", body)).isEqualTo(200);
                sent++;
              }
              return sent;
            });
    String said = rotated(relay, 0);
    on.set(false);
    int sent = sender.get();
    relay.awaitIdleInbox();
    for (int i = 0; i < sent; i += 7) {
      assertThat(relay.events("redox-scheduling", name + "-" + i)).containsExactly("BOOKED");
    }
    relay.awaitIdleOutbox();
    relay.assertAccountedFor();
    return said;
  }
}
