package io.appointmentrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTest {
  @ParameterizedTest
  @CsvSource({
    "jane.roe@gmail.org, j***@g***.org",
    "j@g.org, j***@g***.org",
    "+16085550142, +1********42",
    "+31612345678, +31*******78",
    "(608) 555-0142, ********42",
    "911, ***",
    "https://clinic.example/hook?token=x, h***",
    "webhook, w***",
    "'', ***",
    "@, ***@***",
  })
  void aRecipientIsRecognisableAndCannotBeWrittenTo(String recipient, String masked) {
    assertThat(Masked.of(recipient)).isEqualTo(masked);
  }

  @Property
  void whateverItIsSomethingIsHidden(@ForAll String recipient) {
    assertThat(Masked.of(recipient)).contains("**");
  }
}
