package io.appointmentrelay.appointment;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many messages ahead of visits one recipient gets in so many calendar days; all must hold. */
public record ReachLimits(List<Each> each) {

  /** As many as are planned. */
  public static final ReachLimits NONE = new ReachLimits(List.of());

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,3})/P([1-9]\\d{0,2})D");

  /**
   * At most {@code messages} in {@code days} calendar days, today being the last of them.
   *
   * @param days at least 1
   */
  public record Each(int messages, int days) {
    @Override
    public String toString() {
      return messages + "/P" + days + "D";
    }
  }

  public ReachLimits {
    each = List.copyOf(each);
  }

  /** Reads {@code 1/P1D,3/P7D} or {@code none}. */
  public static ReachLimits parse(String setting) {
    if (setting.strip().equals("none")) {
      return NONE;
    }
    List<Each> each = new ArrayList<>();
    for (String part : setting.split(",", -1)) {
      Matcher form = FORM.matcher(part.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException(
            "A limit is a number of messages in a number of days, such as 1/P1D,3/P7D, or none;"
                + " found '"
                + setting
                + "'. Correct relay.messaging.limit.");
      }
      each.add(new Each(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))));
    }
    return new ReachLimits(each);
  }
}
