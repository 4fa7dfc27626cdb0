/** Puts the rooms together and starts them. */
@NullMarked
package io.appointmentrelay;

import org.jspecify.annotations.NullMarked;
