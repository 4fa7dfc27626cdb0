/**
 * {@code outbox:<channel>}: what is sent to it is planned with the notification that caused it;
 * what is read from it is due, judged again, worded and claimed, and its end is written down.
 */
@NullMarked
package io.appointmentrelay.outbox;

import org.jspecify.annotations.NullMarked;
