/**
 * {@code timeline:<claim>}: compares what a notice says with what is known, and says what really
 * happened.
 */
@NullMarked
package io.appointmentrelay.timeline;

import org.jspecify.annotations.NullMarked;
