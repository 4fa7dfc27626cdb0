package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.Party;
import io.appointmentrelay.messaging.StaffAddresses.Desk;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of the clinic's addresses a visit's place belongs to. */
class StaffAddressesTest {

  private static final StaffAddresses STAFF =
      staff(
          new Desk(null, "all@clinic.org", "(608) 555-0100"),
          new Desk("North Clinic", "north@clinic.org", null),
          new Desk("North Clinic, Oncology", "oncology@clinic.org", "+16085550102"),
          new Desk("L-7", "seven@clinic.org", null));

  private static StaffAddresses staff(Desk... desks) {
    return StaffAddresses.of(List.of(desks), false, "US");
  }

  @Test
  void aPlaceIsKnownByItsNameHoweverWritten() {
    assertThat(STAFF.email(Party.named("north clinic"))).contains("north@clinic.org");
  }

  @Test
  void theRoomsOfAPlaceBelongToItAndTheMostExactDeskWins() {
    assertThat(STAFF.email(Party.named("North Clinic, Room 3"))).contains("north@clinic.org");
    assertThat(STAFF.email(Party.named("North Clinic, Oncology, Room 3")))
        .contains("oncology@clinic.org");
  }

  @Test
  void aNameThatOnlyBeginsAlikeIsAnotherPlace() {
    assertThat(STAFF.email(Party.named("North Clinic Annex"))).contains("all@clinic.org");
  }

  @Test
  void aPlaceIsKnownByItsIdentifierWithItsSystemOrWithout() {
    assertThat(STAFF.email(new Party("urn:clinic|L-7", "Elsewhere"))).contains("seven@clinic.org");
    assertThat(STAFF.email(new Party("L-7", null))).contains("seven@clinic.org");
    assertThat(STAFF.email(new Party("urn:clinic|XL-7", null))).contains("all@clinic.org");
  }

  @Test
  void whatADeskDoesNotHaveTheOneForAllHas() {
    assertThat(STAFF.phone(Party.named("North Clinic"))).contains("+16085550100");
    assertThat(STAFF.phone(Party.named("North Clinic, Oncology"))).contains("+16085550102");
    assertThat(STAFF.phone(null)).contains("+16085550100");
  }

  @Test
  void elsewhereNobodyIsWrittenToIfThereIsNoneForAll() {
    StaffAddresses north = staff(new Desk("North Clinic", "north@clinic.org", null));

    assertThat(north.email(Party.named("South Clinic"))).isEmpty();
    assertThat(north.email(null)).isEmpty();
  }

  @Test
  void anAddressThatNoMessageReachesIsRefusedWithoutBeingShown() {
    assertThatThrownBy(
            () ->
                staff(
                    new Desk("North", "desk@example.com", null),
                    new Desk(null, null, "+15555555555")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("relay.staff: expected", "North", "everywhere", "Correct")
        .hasMessageNotContainingAny("desk@", "5555");
  }
}
