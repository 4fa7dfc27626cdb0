/**
 * What a notification leaves out, asked of the source's FHIR R4 server: who may ask (tokens), how
 * it is asked (one client per server), and what an answer is worth. The only home of HAPI.
 */
@NullMarked
package io.appointmentrelay.enrichment;

import org.jspecify.annotations.NullMarked;
