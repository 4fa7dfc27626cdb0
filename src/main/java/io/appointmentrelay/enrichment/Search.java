package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.api.CacheControlDirective;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.gclient.IQuery;
import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.UnusableAnswer;
import io.appointmentrelay.intake.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseBundle;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;

/** Asks one search and follows its pages, whose links may be relative as Canvas has them. */
final class Search {

  /** What is asked here has one answer or a few; whoever pages on and on did not understand it. */
  private static final int MOST_PAGES = 10;

  private static final int MOST_PAGES_OF_ALL = 200;

  private final IGenericClient client;
  private final Dialect dialect;
  private final URI baseUrl;
  private boolean more;

  Search(IGenericClient client, Dialect dialect, URI baseUrl) {
    this.client = client;
    this.dialect = dialect;
    this.baseUrl = baseUrl;
  }

  List<JsonNode> of(Question question) {
    return pages(first(question, false), question, MOST_PAGES);
  }

  /**
   * All that a search finds, as it is now.
   *
   * @throws UnusableAnswer if it is more than can be meant: a part of it would pass for the whole
   */
  List<JsonNode> everything(Question question, String source) {
    List<JsonNode> matches = pages(first(question, true), question, MOST_PAGES_OF_ALL);
    if (more) {
      throw new UnusableAnswer(
          "The FHIR server of source "
              + source
              + " was expected to give at most "
              + MOST_PAGES_OF_ALL
              + " pages of what has changed; found more. It is asked again later; does it know"
              + " _lastUpdated?");
    }
    return matches;
  }

  private List<JsonNode> pages(Bundle firstPage, Question question, int most) {
    List<JsonNode> matches = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Bundle page = firstPage;
    for (int pages = 1; page != null; pages++) {
      for (JsonNode match : Answers.matches(client.getFhirContext(), page, question.type())) {
        String id = Json.text(match, "id");
        if (!Answers.isEmpty(match) && (id == null || seen.add(id))) {
          matches.add(match);
        }
      }
      more = pages == most && hasNext(page);
      page = pages < most ? next(page) : null;
    }
    return matches;
  }

  /** What a page has of what was asked for. */
  List<JsonNode> matches(Bundle page, Question question) {
    return Answers.matches(client.getFhirContext(), page, question.type()).stream()
        .filter(match -> !Answers.isEmpty(match))
        .toList();
  }

  private static boolean hasNext(Bundle page) {
    return page.getLink(IBaseBundle.LINK_NEXT) != null;
  }

  Bundle first(Question question, boolean uncached) {
    IQuery<IBaseBundle> query =
        client
            .search()
            .forResource(question.type())
            .whereMap(question.parameters())
            .usingStyle(dialect.style());
    if (dialect.knowsElements() && !question.isWhole()) {
      query = query.elementsSubset(question.elements());
    }
    if (uncached) {
      query = query.cacheControl(new CacheControlDirective().setNoCache(true));
    }
    return query.returnBundle(Bundle.class).accept(Answers.FHIR_JSON).execute();
  }

  @Nullable Bundle next(Bundle page) {
    Bundle.BundleLinkComponent link = page.getLink(IBaseBundle.LINK_NEXT);
    String url = link == null ? null : link.getUrl();
    if (url == null || url.isBlank()) {
      return null;
    }
    return client
        .loadPage()
        .byUrl(absolute(url))
        .andReturnBundle(Bundle.class)
        .accept(Answers.FHIR_JSON)
        .execute();
  }

  /** Relative to the FHIR base, also with a slash before it: so Canvas means it. */
  private String absolute(String link) {
    String url = link.replace("|", "%7C").replace(" ", "%20");
    if (url.startsWith("http://") || url.startsWith("https://")) {
      return url;
    }
    String base = baseUrl.toString().replaceAll("/+$", "");
    String path = baseUrl.getRawPath() == null ? "" : baseUrl.getRawPath().replaceAll("/+$", "");
    boolean fromTheRoot = !path.isEmpty() && url.startsWith(path + "/");
    String relative = fromTheRoot ? url.substring(path.length()) : url;
    return base + (relative.startsWith("/") ? "" : "/") + relative;
  }
}
