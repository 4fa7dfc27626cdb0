/**
 * Who may speak, and what they said: tokens and handshakes, and one reader per kind of source that
 * turns bytes into notices. Knows no Camel and no SQL.
 */
@NullMarked
package io.appointmentrelay.intake;

import org.jspecify.annotations.NullMarked;
