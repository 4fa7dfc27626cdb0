/**
 * FHIR Subscriptions: the bundles of the R5 backport in R4, R4B and R5 form, athenahealth's dialect
 * of them, and R4's rest-hook with or without a resource.
 */
@NullMarked
package io.appointmentrelay.intake.subscription;

import org.jspecify.annotations.NullMarked;
