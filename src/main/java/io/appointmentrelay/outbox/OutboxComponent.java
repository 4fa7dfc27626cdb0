package io.appointmentrelay.outbox;

import io.appointmentrelay.appointment.Audience;
import io.appointmentrelay.messaging.Lead;
import io.appointmentrelay.messaging.Texts;
import io.appointmentrelay.settings.Settings;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * The component {@code outbox:}. Routes plan with {@code text}, for the {@code recipient} {@code
 * patient} or {@code staff}, and, for what leads up to a visit or follows it, with {@code before},
 * {@code after} or {@code at}, and {@code ifLate}; without a text it is an event to a system.
 * Channel routes read from it, with {@code concurrency} and, where the carrier can be asked what it
 * has taken, {@code wasSent}: the route that asks. {@code outbox:ehr} plans with {@code action}: an
 * answer that is written into the EHR.
 */
public final class OutboxComponent extends DefaultComponent {

  private final Settings settings;
  private final Texts texts;
  private final OutboxRunner runner;
  private final Set<String> silentChannels;
  private final Predicate<String> slotsOf;
  private final Clock clock;

  /** One whose sources tell of no slots. */
  public OutboxComponent(
      Settings settings,
      Texts texts,
      OutboxRunner runner,
      Set<String> silentChannels,
      Clock clock) {
    this(settings, texts, runner, silentChannels, group -> false, clock);
  }

  /**
   * @param slotsOf whether the sources of a group tell of slots
   * @param silentChannels channels without an address: nothing is planned for them
   */
  public OutboxComponent(
      Settings settings,
      Texts texts,
      OutboxRunner runner,
      Set<String> silentChannels,
      Predicate<String> slotsOf,
      Clock clock) {
    this.slotsOf = slotsOf;
    this.settings = settings;
    this.texts = texts;
    this.runner = runner;
    this.silentChannels = Set.copyOf(silentChannels);
    this.clock = clock;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String channel, Map<String, Object> parameters) {
    if (channel.equals(Writebacks.CHANNEL)) {
      return new WritebackEndpoint(
          uri,
          this,
          WritebackEndpoint.action(getAndRemoveParameter(parameters, "action", String.class)),
          getAndRemoveParameter(parameters, "concurrency", Integer.class, 4),
          settings,
          runner,
          clock);
    }
    String text = getAndRemoveParameter(parameters, "text", String.class);
    Audience audience =
        audience(channel, text, getAndRemoveParameter(parameters, "recipient", String.class));
    Lead lead =
        Lead.parse(
                getAndRemoveParameter(parameters, "before", String.class),
                getAndRemoveParameter(parameters, "after", String.class),
                getAndRemoveParameter(parameters, "at", String.class))
            .orElse(null);
    String ifLate = getAndRemoveParameter(parameters, "ifLate", String.class);
    int concurrency = getAndRemoveParameter(parameters, "concurrency", Integer.class, 4);
    String wasSent = getAndRemoveParameter(parameters, "wasSent", String.class);
    String tells = getAndRemoveParameter(parameters, "tells", String.class);
    check(channel, text, lead);
    boolean tellsOfSlots = tellsOfSlots(channel, text, tells);
    if (ifLate != null && lead == null) {
      throw new IllegalArgumentException(
          "ifLate: goes with before:, after: or at:; found none of them. Add one to the outbox: step, or take ifLate: out.");
    }
    Planning planning =
        new Planning(
            channel,
            audience,
            text,
            lead,
            IfLate.of(ifLate),
            settings.clinic().zone(),
            settings.messaging().settle(),
            settings.messaging().rebookWindow(),
            tellsOfSlots ? slotsOf : null,
            clock);
    return new OutboxEndpoint(
        uri, this, channel, concurrency, wasSent, planning, isAudible(channel, audience), runner);
  }

  private static boolean tellsOfSlots(
      String channel, @Nullable String text, @Nullable String tells) {
    if (tells != null && (text != null || !tells.equals(FreedSlotPayload.TYPE))) {
      throw new IllegalArgumentException(
          "outbox:"
              + channel
              + " expects tells: "
              + FreedSlotPayload.TYPE
              + " and no text:, or no tells: at all; found something else. Correct the step.");
    }
    return tells != null;
  }

  /** Nothing is planned for staff while nobody said where they are written to. */
  private boolean isAudible(String channel, Audience audience) {
    boolean reachable = audience != Audience.STAFF || settings.staff().isOn(channel);
    return reachable && !silentChannels.contains(channel);
  }

  private static Audience audience(
      String channel, @Nullable String text, @Nullable String recipient) {
    if (text == null) {
      if (recipient != null && !recipient.equals(Audience.SYSTEM.word())) {
        throw new IllegalArgumentException(
            "outbox:"
                + channel
                + " without a text is for a system; expected no recipient:, found '"
                + recipient
                + "'. Take it out, or add text:.");
      }
      return Audience.SYSTEM;
    }
    Audience audience =
        Audience.of(recipient == null ? Audience.PATIENT.word() : recipient)
            .filter(found -> found != Audience.SYSTEM)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "outbox:"
                            + channel
                            + " with a text expects recipient: patient or staff, found '"
                            + recipient
                            + "'. Correct it; without it the patient is meant."));
    boolean isForStaff = text.startsWith(Texts.FOR_STAFF);
    if (isForStaff != (audience == Audience.STAFF)) {
      throw new IllegalArgumentException(
          "outbox:"
              + channel
              + " expects for recipient: "
              + audience.word()
              + " a text whose name "
              + (isForStaff ? "does not begin" : "begins")
              + " with "
              + Texts.FOR_STAFF
              + ", so that nobody reads what is meant for others; found '"
              + text
              + "'. Name another text, or correct recipient:.");
    }
    return audience;
  }

  private void check(String channel, @Nullable String text, @Nullable Lead lead) {
    if (text == null && lead != null) {
      throw new IllegalArgumentException(
          "outbox:"
              + channel
              + " with before:, after: or at: needs a text; found none. Add text: and the name of a file in"
              + " routes/channel/texts.");
    }
    if (text != null && !texts.names(channel).contains(text)) {
      throw new IllegalArgumentException(
          "outbox:"
              + channel
              + " expects a text that routes/channel/texts has for this channel "
              + texts.names(channel)
              + ", found '"
              + text
              + "'. Add "
              + text
              + ".en."
              + channel
              + ".txt, or correct the name.");
    }
  }
}
