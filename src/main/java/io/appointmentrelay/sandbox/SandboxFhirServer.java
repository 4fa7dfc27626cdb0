package io.appointmentrelay.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Answers as a FHIR R4 server does, from {@code sandbox/fhir.json}: the people, visits and places
 * of the shipped samples. Its visits say no start, because the samples' times move with each
 * sending and must not be contradicted; for {@code fhir-poll} they are those of {@link
 * SandboxVisits}; {@code fhir-poll} and {@code fhir-subscription} also have those of {@link
 * SandboxClinic}, whose Subscriptions are made here. What is written to it holds until the relay
 * stops. Whoever asks is let in.
 */
public final class SandboxFhirServer implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH = Pattern.compile(".*/([A-Z][A-Za-z]+)(?:/([^/]+))?/?");
  private static final String FHIR = "application/fhir+json";

  private final List<JsonNode> resources = new CopyOnWriteArrayList<>();
  private final SandboxVisits visits;
  private final SandboxWrites writes;
  private final SandboxClinic clinic;
  private final SandboxWrites clinicWrites;

  /** One whose EHRs tell nobody of what is written to them. */
  public SandboxFhirServer(Clock clock) {
    this(clock, (source, notification) -> {});
  }

  /**
   * @param echo takes what the EHR of a source tells of what was written to it
   */
  public SandboxFhirServer(Clock clock, BiConsumer<String, byte[]> echo) {
    this.visits = new SandboxVisits(clock);
    writes = new SandboxWrites(resources, echo);
    clinic = new SandboxClinic(clock);
    clinicWrites = new SandboxWrites(clinic.visits(), echo);
    try (InputStream file =
        Objects.requireNonNull(SandboxFhirServer.class.getResourceAsStream("/sandbox/fhir.json"))) {
      JSON.readTree(file).path("entry").forEach(entry -> resources.add(entry.path("resource")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The clinic whose visits are seen here by who polls or subscribes. */
  public SandboxClinic clinic() {
    return clinic;
  }

  /** Reads {@code …/Type/id}, {@code …/Type?…} or {@code …/Type/_search}, and answers it. */
  @Override
  public void process(Exchange exchange) throws Exception {
    String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
    String method = exchange.getMessage().getHeader(Exchange.HTTP_METHOD, "", String.class);
    byte[] body = exchange.getMessage().getBody(byte[].class);
    if (path.contains("/Subscription")) {
      answer(exchange, clinic.subscriptions().answer(method, path, parameters(exchange), body));
      return;
    }
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      answer(exchange, 404, outcome("not-found", "no such address"));
      return;
    }
    String type = matcher.group(1);
    String id = matcher.group(2);
    if (method.equals("PUT") && id != null) {
      String ifMatch = exchange.getMessage().getHeader("If-Match", String.class);
      answer(exchange, put(path, type, id, ifMatch, body));
      return;
    }
    if (id != null && id.startsWith("$appointment-")) {
      answer(exchange, writes.message(source(path), id, body));
      return;
    }
    List<JsonNode> known = known(path);
    boolean search = id == null || id.equals("_search");
    if (search) {
      answer(exchange, 200, found(known, type, parameters(exchange)));
      return;
    }
    JsonNode resource = known.stream().filter(one -> is(one, type, id)).findFirst().orElse(null);
    answer(
        exchange,
        resource == null ? 404 : 200,
        resource == null ? outcome("not-found", "no such resource") : resource);
  }

  private SandboxWrites.Answered put(
      String path, String type, String id, @Nullable String ifMatch, byte[] body) {
    if (!isOfClinic(path) || !type.equals("Appointment") || !clinic.knows(id)) {
      return writes.put(type, id, ifMatch, body);
    }
    SandboxWrites.Answered answered = clinicWrites.put(type, id, ifMatch, body);
    if (answered.status() == 200) {
      clinic.subscriptions().happened(answered.resource(), false);
    }
    return answered;
  }

  private static boolean isOfClinic(String path) {
    return path.contains("/fhir-poll/") || path.contains("/fhir-subscription/");
  }

  /** Who polls or subscribes sees a clinic of its own, whose visits come and go. */
  private List<JsonNode> known(String path) {
    if (!isOfClinic(path)) {
      return resources;
    }
    List<JsonNode> known = new ArrayList<>(clinic.visits());
    if (path.contains("/fhir-poll/")) {
      known.addAll(visits.now());
    }
    resources.stream()
        .filter(one -> !one.path("resourceType").asText().equals("Appointment"))
        .forEach(known::add);
    return known;
  }

  private static boolean is(JsonNode resource, String type, String id) {
    return resource.path("resourceType").asText().equals(type)
        && resource.path("id").asText().equals(id);
  }

  private static ObjectNode found(List<JsonNode> known, String type, List<String[]> parameters) {
    ObjectNode bundle = JsonNodeFactory.instance.objectNode();
    bundle.put("resourceType", "Bundle").put("type", "searchset");
    int total = 0;
    for (JsonNode resource : known) {
      boolean matches =
          resource.path("resourceType").asText().equals(type)
              && parameters.stream().allMatch(parameter -> holds(resource, parameter));
      if (matches) {
        ObjectNode entry = bundle.withArray("entry").addObject();
        entry.set("resource", resource);
        entry.putObject("search").put("mode", "match");
        total++;
      }
    }
    return bundle.put("total", total);
  }

  /** Conditions it does not know do not hold: an empty answer misleads nobody. */
  private static boolean holds(JsonNode resource, String[] parameter) {
    return switch (parameter[0]) {
      case "_id" -> resource.path("id").asText().equals(parameter[1]);
      case "identifier" -> bears(resource, parameter[1]);
      case "_lastUpdated" ->
          SandboxVisits.holds(resource.path("meta").path("lastUpdated").textValue(), parameter[1]);
      case "date" -> SandboxVisits.holds(resource.path("start").textValue(), parameter[1]);
      default -> parameter[0].startsWith("_");
    };
  }

  private static boolean bears(JsonNode resource, String token) {
    int bar = token.indexOf('|');
    String system = bar < 0 ? "" : token.substring(0, bar);
    String value = token.substring(bar + 1);
    for (JsonNode identifier : resource.path("identifier")) {
      boolean sameSystem = bar < 0 || identifier.path("system").asText().equals(system);
      if (sameSystem && identifier.path("value").asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static List<String[]> parameters(Exchange exchange) {
    List<String[]> parameters = new ArrayList<>();
    byte[] body = exchange.getMessage().getBody(byte[].class);
    String form = body == null ? "" : new String(body, StandardCharsets.UTF_8);
    String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
    for (String pair : (form + "&" + query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.add(
            new String[] {decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))});
      }
    }
    return parameters;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException wronglyEscaped) {
      return value;
    }
  }

  static ObjectNode outcome(String code, String text) {
    ObjectNode outcome = JsonNodeFactory.instance.objectNode();
    outcome.put("resourceType", "OperationOutcome");
    ObjectNode issue = outcome.withArray("issue").addObject();
    issue.put("severity", "error").put("code", code).put("diagnostics", text);
    return outcome;
  }

  /** The source whose EHR is asked: {@code /sandbox/fhir/<source>/…}. */
  private static String source(String path) {
    String[] pieces = path.split("/", -1);
    return pieces.length > 3 ? pieces[3] : "";
  }

  private static void answer(Exchange exchange, SandboxWrites.Answered answered)
      throws IOException {
    answer(exchange, answered.status(), answered.resource());
  }

  private static void answer(Exchange exchange, int status, JsonNode resource) throws IOException {
    Answer.put(exchange, status, FHIR, JSON.writeValueAsString(resource));
  }
}
