package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.api.SearchStyleEnum;

/** How the FHIR server of a kind of source wants to be asked. */
enum Dialect {
  /** Search by POST with a form; people and visits by identifier (CONTRACTS §3). */
  REDOX(SearchStyleEnum.POST, false),
  /** Search by GET; people and appointments by id (CONTRACTS §5). */
  CANVAS(SearchStyleEnum.GET, false),
  /** Any other server: search by GET, and only the elements that are used. */
  PLAIN(SearchStyleEnum.GET, true);

  private final SearchStyleEnum style;
  private final boolean knowsElements;

  Dialect(SearchStyleEnum style, boolean knowsElements) {
    this.style = style;
    this.knowsElements = knowsElements;
  }

  /** By the kind of a source, or by the dialect's own name in lower case. */
  static Dialect of(String kind) {
    if (kind.startsWith("redox")) {
      return REDOX;
    }
    return kind.startsWith("canvas") ? CANVAS : PLAIN;
  }

  SearchStyleEnum style() {
    return style;
  }

  boolean knowsElements() {
    return knowsElements;
  }

  /** Whether a name for a person or visit is searched for as an identifier; else it is an id. */
  boolean isIdentifier(String reference) {
    return this == REDOX || (this == PLAIN && reference.indexOf('|') >= 0);
  }
}
