/**
 * The two ports. Serves Camel's {@code platform-http:} routes without parking a thread per request,
 * opens only when everything behind it is ready, and lets nothing of a request but its bytes and
 * its tokens pass.
 */
@NullMarked
package io.appointmentrelay.door;

import org.jspecify.annotations.NullMarked;
