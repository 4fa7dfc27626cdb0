/**
 * The right message to the right person at the right time, or none: recipients, quiet hours, texts.
 * Knows no Camel and no SQL.
 */
@NullMarked
package io.appointmentrelay.messaging;

import org.jspecify.annotations.NullMarked;
