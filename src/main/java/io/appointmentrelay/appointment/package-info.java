/**
 * The words everyone speaks: notices, records, events, deliveries, and the pure rules between them.
 * Depends on nothing but the Java library, so that every rule can be read and tested alone.
 */
@NullMarked
package io.appointmentrelay.appointment;

import org.jspecify.annotations.NullMarked;
