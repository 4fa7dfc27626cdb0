package io.appointmentrelay.console;

import io.appointmentrelay.fhir.FhirAnswer;
import io.appointmentrelay.fhir.FhirOut;
import io.appointmentrelay.fhir.FhirQuestion;
import io.vertx.core.MultiMap;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** FHIR R4 over HTTP: what was asked becomes a question, and its answer gets FHIR's headers. */
final class FhirPages {

  /** Where FHIR begins on the console's port. */
  static final String BASE = "/fhir/R4";

  private static final String FHIR_JSON = "application/fhir+json; charset=utf-8";
  private static final int FORM_AT_MOST = 16 * 1024;

  private interface Asking {
    FhirAnswer answer(FhirQuestion question);
  }

  private final FhirOut fhir;
  private final Housekeeping housekeeping;
  private final WorkerExecutor workers;

  FhirPages(FhirOut fhir, Housekeeping housekeeping, WorkerExecutor workers) {
    this.fhir = fhir;
    this.housekeeping = housekeeping;
    this.workers = workers;
  }

  void addTo(Router router) {
    router.get(BASE + "/metadata").handler(context -> run(context, fhir::capabilities));
    for (String type : FhirOut.TYPES) {
      router
          .get(BASE + "/" + type)
          .handler(context -> run(context, asked -> fhir.search(type, asked)));
      router
          .post(BASE + "/" + type + "/_search")
          .handler(BodyHandler.create(false).setBodyLimit(FORM_AT_MOST))
          .handler(context -> run(context, asked -> fhir.search(type, asked)));
      router
          .get(BASE + "/" + type + "/:id")
          .handler(
              context ->
                  run(
                      context,
                      asked ->
                          fhir.read(type, Objects.requireNonNull(context.pathParam("id")), asked)));
    }
  }

  /** Whether a path is FHIR's, whose errors are OperationOutcomes. */
  static boolean isIn(String path) {
    return path.equals(BASE) || path.startsWith(BASE + "/");
  }

  /** Whether a path is that of a search by POST, which is a form and changes nothing. */
  static boolean isSearch(String path) {
    return isIn(path) && path.endsWith("/_search");
  }

  /** What may be done at an address, for who tried another method. */
  static String allowed(String path) {
    return isSearch(path) ? "POST" : "GET";
  }

  private void run(RoutingContext context, Asking asking) {
    FhirQuestion question;
    try {
      question = question(context);
      FhirOut.mustReadJson(
          question.parameters(), Objects.requireNonNullElse(header(context, "Accept"), ""));
    } catch (RuntimeException e) {
      Answers.failure(context, e);
      return;
    }
    String user = new Parameters(context).user();
    workers
        .executeBlocking(() -> noted(user, asking.answer(question)), false)
        .onSuccess(answer -> answered(context, answer))
        .onFailure(failure -> Answers.failure(context, failure));
  }

  /** Waits until it is on disk who sees whom. */
  private FhirAnswer noted(String user, FhirAnswer answer) {
    housekeeping.seenInFhir(user, answer.by(), answer.version() == null, answer.visits());
    return answer;
  }

  private static FhirQuestion question(RoutingContext context) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    try {
      add(parameters, context.queryParams());
      add(parameters, context.request().formAttributes());
    } catch (HttpException | IllegalArgumentException e) {
      throw Refusal.wrong(
          "Expected a query whose % signs are each followed by two digits; found another."
              + " Correct it, and ask again.");
    }
    String prefer = header(context, "Prefer");
    boolean strict =
        prefer != null
            && prefer.toLowerCase(Locale.ROOT).replace(" ", "").contains("handling=strict");
    return new FhirQuestion(base(context.request()), parameters, strict);
  }

  private static void add(Map<String, List<String>> parameters, MultiMap more) {
    for (String name : new TreeSet<>(more.names())) {
      parameters.merge(name, more.getAll(name), FhirPages::both);
    }
  }

  private static List<String> both(List<String> one, List<String> two) {
    return java.util.stream.Stream.concat(one.stream(), two.stream()).toList();
  }

  /** As the asker called us: a proxy that ends TLS says so. */
  private static String base(HttpServerRequest request) {
    String said = request.getHeader("X-Forwarded-Proto");
    String scheme = said != null && Set.of("http", "https").contains(said) ? said : "http";
    return scheme + "://" + Objects.requireNonNullElse(request.authority(), "localhost") + BASE;
  }

  private static @Nullable String header(RoutingContext context, String name) {
    return context.request().getHeader(name);
  }

  private static void answered(RoutingContext context, FhirAnswer answer) {
    HttpServerResponse response = context.response();
    String version = answer.version();
    Instant lastModified = answer.lastModified();
    if (version != null) {
      response.putHeader("ETag", "W/\"" + version + "\"");
    }
    if (lastModified != null) {
      response.putHeader(
          "Last-Modified",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(lastModified.atZone(ZoneOffset.UTC)));
    }
    if (isKnown(context, version, lastModified)) {
      response.setStatusCode(304).end();
    } else {
      Answers.bytes(context, 200, FHIR_JSON, Buffer.buffer(answer.json()));
    }
  }

  private static boolean isKnown(
      RoutingContext context, @Nullable String version, @Nullable Instant lastModified) {
    String match = header(context, "If-None-Match");
    if (match != null) {
      return version != null
          && List.of(match.replace("W/", "").replace("\"", "").replace(" ", "").split(",", -1))
              .contains(version);
    }
    String since = header(context, "If-Modified-Since");
    try {
      return since != null
          && lastModified != null
          && !lastModified
              .truncatedTo(ChronoUnit.SECONDS)
              .isAfter(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(since)));
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }
}
