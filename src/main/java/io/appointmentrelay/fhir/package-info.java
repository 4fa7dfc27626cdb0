/**
 * What is known, for others to ask by FHIR R4: reads and searches of appointments and slots. Knows
 * nothing of HTTP; the console hands in what was asked and sends what is answered.
 */
@NullMarked
package io.appointmentrelay.fhir;

import org.jspecify.annotations.NullMarked;
