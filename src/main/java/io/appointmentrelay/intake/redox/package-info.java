/** Redox's two formats: FHIR message bundles and the Data Model's Scheduling events. */
@NullMarked
package io.appointmentrelay.intake.redox;

import org.jspecify.annotations.NullMarked;
