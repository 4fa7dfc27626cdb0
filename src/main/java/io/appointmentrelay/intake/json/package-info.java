/** Reading JSON that strangers wrote: one strict parser, and lenient looks at its scalars. */
@NullMarked
package io.appointmentrelay.intake.json;

import org.jspecify.annotations.NullMarked;
