/**
 * The operator's console: an API and a page over what is in the store. Changes nothing but what an
 * operator asks for, and answers to nobody but this machine.
 */
@NullMarked
package io.appointmentrelay.console;

import org.jspecify.annotations.NullMarked;
