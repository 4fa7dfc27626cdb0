package io.appointmentrelay.appointment;

import org.jspecify.annotations.Nullable;

/** One field that differs, with its old and new value as text; times are ISO 8601 in UTC. */
public record Change(String field, @Nullable String before, @Nullable String after) {}
