/** The one place that knows SQL. Writes go through group commit; reads never wait for writes. */
@NullMarked
package io.appointmentrelay.store;

import org.jspecify.annotations.NullMarked;
