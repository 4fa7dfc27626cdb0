package io.appointmentrelay.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import io.appointmentrelay.store.ConsoleReads;
import io.appointmentrelay.store.ConsoleReads.KnownRecord;
import io.appointmentrelay.store.Page;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;

/**
 * Answers questions in FHIR R4. Each answer is JSON; what cannot be answered is a {@link
 * FhirRefusal}, and a store that cannot be read fails as it does elsewhere. The first answer takes
 * a second longer, because HAPI learns R4 at it.
 */
public final class FhirOut {

  /** The types that can be asked for. */
  public static final List<String> TYPES = List.of(VisitSearch.TYPE, SlotSearch.TYPE);

  private static final Set<String> FORMATS =
      Set.of("json", "text/json", "application/json", "application/fhir+json");

  private final ConsoleReads reads;
  private final VisitSearch visits;
  private final SlotSearch slots;
  private final ZoneId zone;
  private final Clock clock;
  private final Instant since;

  /** Made when it is first needed, and then kept. */
  private static final class R4 {
    static final FhirContext CONTEXT = context();

    private static FhirContext context() {
      FhirContext context = FhirContext.forR4();
      context.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
      return context;
    }
  }

  /**
   * @param groups the groups of all sources
   * @param zone the clinic's, for days and times without an offset
   */
  public FhirOut(ConsoleReads reads, Set<String> groups, ZoneId zone, Clock clock) {
    this.reads = reads;
    this.visits = new VisitSearch(reads, groups, zone);
    this.slots = new SlotSearch(reads, zone);
    this.zone = zone;
    this.clock = clock;
    this.since = clock.instant();
  }

  /** What may be asked. */
  public FhirAnswer capabilities(FhirQuestion question) {
    return FhirAnswer.ofNobody(written(question, Capabilities.statement(question.base(), since)));
  }

  /** One resource by its id. */
  public FhirAnswer read(String type, String id, FhirQuestion question) {
    if (!type.equals(VisitSearch.TYPE)) {
      throw FhirRefusal.unknown(
          "Expected an Appointment, which alone is read by its id; found another type. Search for it.");
    }
    KnownRecord known =
        VisitSearch.number(id)
            .flatMap(reads::record)
            .orElseThrow(
                () ->
                    FhirRefusal.unknown(
                        "Expected the id of an Appointment that is known; found another. Search for it by identifier."));
    return new FhirAnswer(
        written(question, VisitResource.of(known)),
        Integer.toString(known.record().revision()),
        known.updatedAt(),
        List.of(),
        List.of(named(known)));
  }

  /** All that a search finds, page by page. */
  public FhirAnswer search(String type, FhirQuestion question) {
    if (type.equals(SlotSearch.TYPE)) {
      SearchParameters asked = new SearchParameters(question, SlotSearch.PARAMETERS);
      return FhirAnswer.ofNobody(
          bundle(type, question, asked, slots.find(asked), one -> SlotResource.of(one, zone)));
    }
    SearchParameters asked = new SearchParameters(question, VisitSearch.PARAMETERS);
    Page<KnownRecord> page = visits.find(asked);
    return new FhirAnswer(
        bundle(type, question, asked, page, VisitResource::of),
        null,
        null,
        new TreeSet<>(question.parameters().keySet())
            .stream().filter(VisitSearch.PARAMETERS::contains).toList(),
        page.items().stream().map(FhirOut::named).toList());
  }

  private static String named(KnownRecord known) {
    return known.record().source() + "/" + known.record().identifier();
  }

  private <T> String bundle(
      String type,
      FhirQuestion question,
      SearchParameters asked,
      Page<T> page,
      Function<T, Resource> resource) {
    Bundle bundle = new Bundle();
    bundle.setType(BundleType.SEARCHSET);
    bundle.getMeta().setLastUpdated(Date.from(clock.instant()));
    bundle.addLink().setRelation("self").setUrl(asked.self(type));
    if (page.next() != null) {
      bundle.addLink().setRelation("next").setUrl(asked.link(type, page.next()));
    } else if (asked.one(SearchParameters.PAGE) == null) {
      bundle.setTotal(page.items().size());
    }
    for (T item : page.items()) {
      Resource found = resource.apply(item);
      bundle
          .addEntry()
          .setFullUrl(question.base() + "/" + type + "/" + found.getIdElement().getIdPart())
          .setResource(found)
          .getSearch()
          .setMode(SearchEntryMode.MATCH);
    }
    if (!asked.passedOver().isEmpty()) {
      bundle.addEntry().setResource(passedOver()).getSearch().setMode(SearchEntryMode.OUTCOME);
    }
    return written(question, bundle);
  }

  /** Without their names: what somebody asked for may name a person. */
  private static OperationOutcome passedOver() {
    OperationOutcome outcome = new OperationOutcome();
    outcome
        .addIssue()
        .setSeverity(IssueSeverity.WARNING)
        .setCode(IssueType.NOTSUPPORTED)
        .setDiagnostics(
            "A parameter that this server does not know was passed over; the self link has what was"
                + " searched for. Prefer: handling=strict refuses such a search.");
    return outcome;
  }

  private static String written(FhirQuestion question, Resource resource) {
    boolean pretty = List.of("true").equals(question.parameters().get("_pretty"));
    return R4.CONTEXT.newJsonParser().setPrettyPrint(pretty).encodeResourceToString(resource);
  }

  /**
   * Refuses who cannot read JSON.
   *
   * @param accept the header as given; empty: anything
   */
  public static void mustReadJson(Map<String, List<String>> parameters, String accept) {
    for (String format : parameters.getOrDefault("_format", List.of())) {
      if (!isJson(format)) {
        throw notAcceptable();
      }
    }
    boolean saidByParameter = parameters.containsKey("_format");
    boolean anything = accept.isBlank() || saidByParameter;
    if (!anything && List.of(accept.split(",", -1)).stream().noneMatch(FhirOut::readsJson)) {
      throw notAcceptable();
    }
  }

  private static boolean isJson(String format) {
    // A plus sign that was not encoded arrives as a space.
    String plain = format.split(";", -1)[0].strip().replace(' ', '+');
    return plain.isEmpty() || FORMATS.contains(plain.toLowerCase(java.util.Locale.ROOT));
  }

  private static boolean readsJson(String range) {
    String lower = range.toLowerCase(java.util.Locale.ROOT);
    Set<String> parts = new TreeSet<>();
    for (String part : lower.split(";", -1)) {
      parts.add(part.replace(" ", ""));
    }
    boolean anotherRelease =
        parts.stream()
            .anyMatch(part -> part.startsWith("fhirversion=") && !part.equals("fhirversion=4.0"));
    boolean json = isJson(range) || parts.contains("*/*") || parts.contains("application/*");
    return json && !anotherRelease && !parts.contains("q=0");
  }

  private static FhirRefusal notAcceptable() {
    return FhirRefusal.notAcceptable(
        "Expected an asker who reads application/fhir+json of FHIR 4.0; found another wish."
            + " Ask for it by Accept or _format.");
  }
}
