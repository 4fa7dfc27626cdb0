/**
 * The load generator: how many notifications a relay keeps and passes on per second, beside what
 * the same work costs without any rules. Run by hand, see {@link io.appointmentrelay.bench.Load}.
 */
package io.appointmentrelay.bench;
