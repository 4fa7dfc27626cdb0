package io.appointmentrelay.command;

import io.appointmentrelay.intake.reply.TwilioSignature;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Posts shipped notifications to a running relay as their senders would. Sends nothing unless all
 * that was asked for is known; stops at the first answer that is not 200. Never prints a token.
 */
public final class SendSample {

  /** The name that stands for every sample. */
  public static final String ALL = "all";

  private static final int SENT = 0;
  private static final int NOT_SENT = 1;
  private static final int WRONG_USE = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Samples samples = Samples.shipped();
  private final SampleTimes times;
  private final URI console;
  private final @Nullable URI publicUrl;

  /** Of a relay that the SMS gateway knows by where it listens. */
  public SendSample(Clock clock, URI console) {
    this(clock, console, null);
  }

  /**
   * @param console where the console answers, to point the reader to what came of the sample
   * @param publicUrl by which the SMS gateway knows the relay; absent: where it listens
   */
  public SendSample(Clock clock, URI console, @Nullable URI publicUrl) {
    this.times = new SampleTimes(clock);
    this.console = withoutSlash(console);
    this.publicUrl = publicUrl;
  }

  /**
   * Sends the sample of that name, or all of them, and prints what was answered and where to look
   * next; without a name prints what there is.
   *
   * @param base where the relay takes notifications, as {@code http://127.0.0.1:8080}
   * @param tokenOfSource the token to show for a source
   * @param asIs whether the times stay those of the files, years ago
   * @return the exit status: 0, or 1 if the relay did not take it, or 2 if there is no such sample
   */
  public int run(
      @Nullable String name,
      URI base,
      Function<String, String> tokenOfSource,
      boolean asIs,
      PrintWriter out) {
    try {
      if (name == null) {
        list(out);
        return SENT;
      }
      List<Sample> chosen = chosen(name);
      if (chosen.isEmpty()) {
        out.println(
            "send-sample expects the name of a shipped notification, or "
                + ALL
                + "; there is none called \""
                + name
                + "\", and nothing was sent. Take one of these:");
        list(out);
        return WRONG_USE;
      }
      List<Sample> sent = name.equals(ALL) ? ofConfigured(chosen, tokenOfSource, out) : chosen;
      return send(sent, withoutSlash(base), tokenOfSource, asIs, out);
    } finally {
      out.flush();
    }
  }

  private List<Sample> chosen(String name) {
    return name.equals(ALL)
        ? samples.all().stream().filter(sample -> !sample.isReply()).toList()
        : samples.named(name).stream().toList();
  }

  /** Sources that are off until they are configured have samples too. */
  private static List<Sample> ofConfigured(
      List<Sample> chosen, Function<String, String> tokenOfSource, PrintWriter out) {
    return chosen.stream()
        .filter(
            sample -> {
              boolean configured = !tokenOfSource.apply(sample.source()).isEmpty();
              if (!configured) {
                out.println(
                    sample.name() + ": left out, relay.source." + sample.source() + " is not set");
              }
              return configured;
            })
        .toList();
  }

  private void list(PrintWriter out) {
    int width = samples.all().stream().mapToInt(one -> one.name().length()).max().orElse(1);
    String line = "%-" + width + "s  %s%n";
    samples.all().forEach(one -> out.printf(line, one.name(), one.about()));
    out.printf(line, ALL, "All of these, in this order, but the text messages, which answer one");
  }

  private int send(
      List<Sample> chosen,
      URI base,
      Function<String, String> tokenOfSource,
      boolean asIs,
      PrintWriter out) {
    HttpClient client =
        HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(PATIENCE).build();
    for (Sample sample : chosen) {
      Optional<String> problem = post(client, sample, base, tokenOfSource, asIs);
      if (problem.isPresent()) {
        out.println(sample.name() + ": " + problem.get());
        return NOT_SENT;
      }
      out.println(sample.name() + ": 200, taken");
    }
    out.println("What came of it: " + console + "/api/notifications");
    out.println("What the sandbox received: " + console + "/api/sandbox/messages");
    return SENT;
  }

  private HttpRequest request(Sample sample, URI base, String token, boolean asIs) {
    if (sample.isReply()) {
      return reply(sample, base, token, asIs);
    }
    byte[] body = asIs ? sample.body() : times.inComingDays(sample, samples.of(sample.source()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(base, sample.source()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofByteArray(body));
    if (sample.source().startsWith("redox")) {
      request.header("verification-token", token);
    }
    return request.build();
  }

  /** Signed as the gateway does, for the address by which that knows the relay. */
  private HttpRequest reply(Sample sample, URI base, String token, boolean asIs) {
    String form = new String(sample.body(), StandardCharsets.UTF_8);
    String sid = UUID.randomUUID().toString().replace("-", "");
    byte[] body =
        (asIs ? form : form.replaceFirst("MessageSid=SM0+", "MessageSid=SM" + sid))
            .getBytes(StandardCharsets.UTF_8);
    URI known = publicUrl == null ? URI.create("http://127.0.0.1:" + base.getPort()) : publicUrl;
    String signed = address(withoutSlash(known), sample.source()).toString();
    return HttpRequest.newBuilder(address(base, sample.source()))
        .timeout(PATIENCE)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("X-Twilio-Signature", TwilioSignature.of(token, signed, body).orElseThrow())
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  /** Nothing if it was taken, else what was expected, what was found and what to do. */
  private Optional<String> post(
      HttpClient client,
      Sample sample,
      URI base,
      Function<String, String> tokenOfSource,
      boolean asIs) {
    String source = sample.source();
    String expected = "expected a relay to answer 200 at " + address(base, source) + "; ";
    try {
      HttpRequest request = request(sample, base, tokenOfSource.apply(source), asIs);
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return status == 200
          ? Optional.empty()
          : Optional.of(expected + "it answered " + status + ". " + cure(status, source));
    } catch (IllegalArgumentException unsendable) {
      // Its message is left out: it may quote the token.
      return Optional.of(
          expected
              + "this is no http address, or relay.source."
              + source
              + ".token has characters that a header cannot carry. Correct it; nothing was sent.");
    } catch (ConnectException e) {
      return Optional.of(
          expected
              + "nothing listens there. Start it (java -jar target/appointment-relay.jar),"
              + " or say where it is with --url.");
    } catch (IOException e) {
      return Optional.of(
          expected
              + "no answer came ("
              + e.getClass().getSimpleName()
              + "). It may have been taken: look at the console before sending it again.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(expected + "the command was interrupted. Send it again.");
    }
  }

  private static String cure(int status, String source) {
    if (source.equals(Sample.SMS)) {
      return switch (status) {
        case 401 ->
            "Give this command the relay's own settings: relay.channel.sms.token or relay.public-url differs.";
        case 404 -> "Are replies on (relay.replies)?";
        default -> "Its log says why.";
      };
    }
    return switch (status) {
      case 401 ->
          "Give this command the relay's own settings: relay.source." + source + ".token differs.";
      case 404 -> "Is it a relay, and is routes/intake/" + source + ".camel.yaml there?";
      case 503 -> "It cannot store at present; its log says why. Send it again later.";
      default -> "Its log says why.";
    };
  }

  private static URI address(URI base, String source) {
    return URI.create(base + "/webhooks/" + source);
  }

  private static URI withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }
}
