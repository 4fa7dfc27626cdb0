package io.appointmentrelay.appointment;

/**
 * Why a delivery was not sent, or waits: the closed list that {@code reason} and the metrics use.
 */
public enum Reason {
  BRAKE("brake"),
  TEST_TRAFFIC("test traffic"),
  CANCELLED_MEANWHILE("cancelled meanwhile"),
  NEVER_TOLD("never told"),
  ALREADY_KNOWS("already knows"),
  VISIT_OVER("visit over"),
  START_UNKNOWN("start unknown"),
  TOO_LATE("too late"),
  NO_CONTACT("no contact"),
  NO_STAFF_ADDRESS("no staff address"),
  DECEASED("deceased"),
  INACTIVE("inactive"),
  NO_CONSENT("no consent"),
  OPTED_OUT("opted out"),
  NOT_ALLOWED("not on the allow list"),
  LIMIT("limit"),
  QUIET_HOURS("quiet hours"),
  REPLACED_MEANWHILE("replaced meanwhile"),
  IN_FLIGHT("in flight when the process ended"),
  NO_ANSWER("no answer"),
  IN_DOUBT("in doubt"),
  INSIDE_LEAD("inside the lead"),
  MOVED_MEANWHILE("moved meanwhile"),
  REBOOKED("rebooked"),
  WAITS_FOR_EHR("waits for the EHR"),
  REPLANNED("re-planned"),
  WRITEBACK_OFF("writeback off");

  private final String words;

  Reason(String words) {
    this.words = words;
  }

  /** As the API and the metrics write it. */
  public String words() {
    return words;
  }
}
