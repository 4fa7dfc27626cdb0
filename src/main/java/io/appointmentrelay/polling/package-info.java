/**
 * Sources that are asked instead of telling: polls, reconciliation of what a source has with what
 * is known, and the silence of those that usually tell.
 */
@NullMarked
package io.appointmentrelay.polling;

import org.jspecify.annotations.NullMarked;
