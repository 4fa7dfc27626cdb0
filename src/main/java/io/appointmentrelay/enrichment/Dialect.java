package io.appointmentrelay.enrichment;

import ca.uhn.fhir.rest.api.SearchStyleEnum;

/** How the FHIR server of a kind of source wants to be asked. */
enum Dialect {
  /** Search by POST with a form; people and visits by identifier (CONTRACTS §3). */
  REDOX(SearchStyleEnum.POST, false, false),
  /** Search by GET; people and appointments by id (CONTRACTS §5). */
  CANVAS(SearchStyleEnum.GET, false, false),
  /** Any other server: search by GET, and only the elements that are used. */
  PLAIN(SearchStyleEnum.GET, true, true);

  private final SearchStyleEnum style;
  private final boolean knowsElements;
  private final boolean knowsChanges;

  Dialect(SearchStyleEnum style, boolean knowsElements, boolean knowsChanges) {
    this.style = style;
    this.knowsElements = knowsElements;
    this.knowsChanges = knowsChanges;
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

  /** Whether it is asked by {@code _lastUpdated}, and by times of day: the others document none. */
  boolean knowsChanges() {
    return knowsChanges;
  }

  /** Whether a name for a person or visit is searched for as an identifier; else it is an id. */
  boolean isIdentifier(String reference) {
    return this == REDOX || (this == PLAIN && reference.indexOf('|') >= 0);
  }
}
