/**
 * What patients reply: the page behind a link, what a carrier is answered, and what a reply
 * answers.
 */
@NullMarked
package io.appointmentrelay.reply;

import org.jspecify.annotations.NullMarked;
