/**
 * The make-believe world of the first run: a mailbox, an SMS gateway and a webhook receiver that
 * keep what they get instead of passing it on. The channels do not know it; only addresses differ.
 */
@NullMarked
package io.appointmentrelay.sandbox;

import org.jspecify.annotations.NullMarked;
