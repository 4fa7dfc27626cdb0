package io.appointmentrelay.appointment;

/**
 * What one part of a notification says, in our words, before anybody believes it: the body of a
 * message while it runs through a source's route.
 */
public sealed interface Notice
    permits AppointmentNotice,
        UnidentifiedNotice,
        SlotsNotice,
        OtherNotice,
        AnswerNotice,
        ReplyNotice,
        PatientReply {

  /**
   * The sender's name for what happened, in the one spelling that the source's route compares with.
   */
  String label();
}
