package io.appointmentrelay.messaging;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The clinic in whose name people are written to.
 *
 * @param phone as people should read and dial it; absent: no text tells them to call
 * @param zone for visits whose own zone is unknown
 * @param region for telephone numbers without a country, as ISO 3166, such as {@code US}
 * @param questionnaire where questions are answered before a visit: http or https; absent: nowhere
 */
public record Clinic(
    String name,
    @Nullable String phone,
    ZoneId zone,
    String region,
    @Nullable String questionnaire) {}
