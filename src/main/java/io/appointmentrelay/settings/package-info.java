/** Every setting: read once at the start, checked together, typed. Secrets are never printed. */
@NullMarked
package io.appointmentrelay.settings;

import org.jspecify.annotations.NullMarked;
