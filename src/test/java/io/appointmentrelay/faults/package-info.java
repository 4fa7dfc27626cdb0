/**
 * The relay under everything that may happen to it: run by {@code mvn -Pfaults verify}, described
 * in docs/faults.md.
 */
package io.appointmentrelay.faults;
