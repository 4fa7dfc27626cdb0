/** What patients write and tap: text messages as Twilio hands them on, and links. */
@NullMarked
package io.appointmentrelay.intake.reply;

import org.jspecify.annotations.NullMarked;
