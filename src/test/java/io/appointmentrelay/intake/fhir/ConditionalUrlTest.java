package io.appointmentrelay.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionalUrlTest {

  private static final String BASE = "https://api.redoxengine.com/fhir/R4/org/Development/";

  @ParameterizedTest
  @CsvSource({
    "Patient?identifier=urn:redox:org:MR|kyHG,                    Patient, urn:redox:org:MR|kyHG",
    "Patient?identifier=urn:redox:org:MR%7CkyHG,                  Patient, urn:redox:org:MR|kyHG",
    "Patient?identifier=urn%3Aredox%3Aorg%3AMR%7Cky%20HG,         Patient, urn:redox:org:MR|ky HG",
    "Patient%3Fidentifier%3Durn:redox:org:MR%7CkyHG,              Patient, urn:redox:org:MR|kyHG",
    "Appointment?urn:redox:VIS|identifier=321654654,              Appointment, urn:redox:VIS|321654654",
    "Appointment?urn%3Aredox%3AVIS%7Cidentifier=321654654,        Appointment, urn:redox:VIS|321654654",
    "Appointment?urn:redox:VIS|321654654,                         Appointment, urn:redox:VIS|321654654",
    "Appointment?date=2024&identifier=urn:redox:VIS|321654654,    Appointment, urn:redox:VIS|321654654",
    "Appointment?identifier=321654654,                            Appointment, 321654654",
    "Appointment?identifier=|321654654,                           Appointment, 321654654",
    "Patient?identifier=http://hospital.org/mrn|A=1,              Patient, http://hospital.org/mrn|A=1",
    "Patient?_id=77,                                              Patient, 77",
    "Patient?identifier=urn:x|a+b,                                Patient, urn:x|a+b",
    "Appointment/123,                                             Appointment, 123",
    "Appointment/123/_history/4,                                  Appointment, 123",
    "Appointment/123/,                                            Appointment, 123",
  })
  void theIdentifierIsFound(String url, String type, String token) {
    for (String form : new String[] {url, BASE + url}) {
      ConditionalUrl found = ConditionalUrl.of(form);
      assertThat(found.type()).isEqualTo(type);
      assertThat(found.identifier().token()).isEqualTo(token);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "urn:uuid:0f0a6d6e-6f0f-4f0e-8a53-1f6a9d0c9a11",
        "#contained",
        "Appointment",
        "https://host/Development/Appointment",
        "Appointment?",
        "Appointment?identifier=",
        "Appointment?identifier=urn:redox:VIS|",
        "Appointment?status=booked",
        "///",
        "?a=b",
        "Appointment?identifier=%00"
      })
  void whereThereIsNoneThereIsNone(String url) {
    assertThat(ConditionalUrl.of(url).identifier()).isNull();
  }

  @Test
  void brokenEncodingIsTakenAsItStands() {
    assertThat(ConditionalUrl.of("Patient?identifier=urn:x|100%").identifier().value())
        .isEqualTo("100%");
  }

  @Test
  void absoluteAndRelativeReferencesMeet() {
    assertThat(ConditionalUrl.of(BASE + "Practitioner/7").relative())
        .isEqualTo(ConditionalUrl.of("Practitioner/7").relative())
        .isEqualTo("Practitioner/7");
  }

  @Test
  void anOverlongIdentifierIsNone() {
    assertThat(ConditionalUrl.of("Patient?identifier=urn:x|" + "9".repeat(201)).identifier())
        .isNull();
  }
}
