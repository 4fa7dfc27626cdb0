package io.appointmentrelay.enrichment;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.UnusableAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseBundle;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;

/**
 * A search that is read page by page, so that no more than a page is in memory. Fails as {@link
 * FhirServer} does, and with {@link UnusableAnswer} if the pages have no end that can be meant.
 */
final class Paging {

  static final int MOST_PAGES = 200;
  static final int MOST_MATCHES = 20_000;

  private final FhirServer server;
  private final Supplier<Search> search;
  private final Question question;
  private final long deadline;
  private final Set<String> links = new HashSet<>();
  private @Nullable Bundle page;
  private int pages;
  private int matches;

  /**
   * @param deadline by {@link System#nanoTime}
   */
  Paging(FhirServer server, Supplier<Search> search, Question question, long deadline) {
    this.server = server;
    this.search = search;
    this.question = question;
    this.deadline = deadline;
  }

  /** The next page's matches, perhaps none; null: there is no further page. */
  @Nullable List<JsonNode> next() {
    if (pages > 0 && isOver()) {
      return null;
    }
    List<JsonNode> found =
        server.ask(
            "search " + question.type(),
            () -> {
              Search asking = search.get();
              page = page == null ? asking.first(question, true) : asking.next(page);
              return page == null ? List.<JsonNode>of() : asking.matches(page, question);
            });
    pages++;
    matches += found.size();
    if (matches > MOST_MATCHES) {
      throw endless("more than " + MOST_MATCHES + " matches");
    }
    return found;
  }

  /** Whether what was read is all there is. */
  private boolean isOver() {
    Bundle last = page;
    Bundle.BundleLinkComponent link = last == null ? null : last.getLink(IBaseBundle.LINK_NEXT);
    String url = link == null ? null : link.getUrl();
    if (url == null || url.isBlank()) {
      return true;
    }
    if (!links.add(url)) {
      throw endless("a link to a page that was read before");
    }
    if (pages >= MOST_PAGES) {
      throw endless("more than " + MOST_PAGES + " pages");
    }
    if (System.nanoTime() - deadline > 0) {
      throw endless("ones that take too long");
    }
    return false;
  }

  private UnusableAnswer endless(String found) {
    return new UnusableAnswer(
        "The FHIR server of source "
            + server.source()
            + " was expected to give pages that come to an end; found "
            + found
            + ". It is asked again later");
  }
}
