/** What every FHIR sender shares, read from plain JSON because real bodies break strict parsers. */
@NullMarked
package io.appointmentrelay.intake.fhir;

import org.jspecify.annotations.NullMarked;
