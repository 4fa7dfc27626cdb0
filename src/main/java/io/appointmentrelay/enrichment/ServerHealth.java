package io.appointmentrelay.enrichment;

/**
 * How a source's FHIR server does.
 *
 * @param serving whether it is being asked; false: its circuit is open
 */
public record ServerHealth(String source, boolean serving, String detail) {}
