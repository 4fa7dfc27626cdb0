/**
 * The route files: loaded at the start, and, if wanted, whenever they change; what does not hold is
 * never in force.
 */
@NullMarked
package io.appointmentrelay.routes;

import org.jspecify.annotations.NullMarked;
