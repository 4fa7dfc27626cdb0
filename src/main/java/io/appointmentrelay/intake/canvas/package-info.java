/** Canvas's appointment webhook, in its own format and in that of the sync plugin. */
@NullMarked
package io.appointmentrelay.intake.canvas;

import org.jspecify.annotations.NullMarked;
