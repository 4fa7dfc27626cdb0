/** What the jar can do besides serving: the shipped samples, and how they are sent. */
@NullMarked
package io.appointmentrelay.command;

import org.jspecify.annotations.NullMarked;
