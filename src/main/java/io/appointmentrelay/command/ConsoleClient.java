package io.appointmentrelay.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.appointmentrelay.store.StoreUnavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the console of a relay on this machine, if one runs. */
public final class ConsoleClient {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String host;
  private final int port;
  private final @Nullable String login;
  private final HttpClient client =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /** One that asks nobody who they are. */
  public ConsoleClient(int port) {
    this("127.0.0.1", port, null);
  }

  /**
   * Asks where the settings say that the console listens.
   *
   * @param login {@code name:password} of a console user; absent: none
   */
  public ConsoleClient(String host, int port, @Nullable String login) {
    this.host = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    this.port = port;
    this.login = login;
  }

  /** What the console answered. */
  record Answer(int status, JsonNode body) {
    boolean isDone() {
      return status == 200;
    }

    /** What it says to a refusal. */
    String error() {
      return body.path("error").asText("The console answered " + status + ".");
    }
  }

  /**
   * Asks; empty if no relay runs here.
   *
   * @throws StoreUnavailable if one seems to, and gives no answer that can be understood
   */
  Optional<Answer> ask(String method, String path, Object body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .method(
                  method,
                  method.equals("GET")
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(JSON.writeValueAsString(body)));
      if (login != null) {
        byte[] shown = login.getBytes(StandardCharsets.UTF_8);
        request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(shown));
      }
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return Optional.of(new Answer(response.statusCode(), JSON.readTree(response.body())));
    } catch (ConnectException nobodyListens) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw unusable("what answered is no relay");
    } catch (IOException e) {
      throw unusable(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unusable("the command was interrupted");
    }
  }

  private StoreUnavailable unusable(String found) {
    return new StoreUnavailable(
        "Expected the console of a relay, or nothing, at port "
            + port
            + "; found neither ("
            + found
            + "). Correct relay.console.port, or look at the console before you try again.");
  }
}
