/**
 * {@code inbox:<source>}: what is sent to it is durable before the sender is answered; what is read
 * from it runs one part at a time per appointment, and everything a run causes is committed as one.
 */
@NullMarked
package io.appointmentrelay.inbox;

import org.jspecify.annotations.NullMarked;
