/**
 * The built jar as a process, with real ends: what only shows when it is started, killed, starved
 * and stopped.
 */
package io.appointmentrelay.process;
