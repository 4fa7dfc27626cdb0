package io.appointmentrelay.intake.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of our own, made by another program, byte for byte. */
class TwilioSignatureTest {

  private static final String TOKEN = "12345678901234567890123456789012";
  private static final String FORM =
      "ToCountry=US&MessageSid=SM0123456789abcdef0123456789abcdef&Body=C&From=%2B16085550112"
          + "&To=%2B13125550100&NumSegments=1";
  private static final String SIGNATURE = "haUb2IsUbpJe0iaZxaTtzyyTz3M=";

  private final TwilioSignature signature = at("https://relay.example.org");

  private static TwilioSignature at(String address) {
    return new TwilioSignature(
        List.of("new-token", TOKEN), () -> URI.create(address), "/webhooks/sms");
  }

  private boolean accepts(String form, String shown) {
    return signature.isGenuine(form.getBytes(UTF_8), null, shown);
  }

  @Test
  void theFieldsAreSortedAndTheirValuesDecoded() {
    assertThat(accepts(FORM, SIGNATURE)).isTrue();
    assertThat(at("https://relay.example.org/").isGenuine(FORM.getBytes(UTF_8), null, SIGNATURE))
        .isTrue();
  }

  @Test
  void blanksAtTheEndsAccentsAndSignsAreSignedAsTheyAre() {
    String body = FORM.replace("Body=C", "Body=+S%C3%AD%2C+ir%C3%A9+%26+m%C3%A1s%3D100%25+%09%0A+");
    assertThat(accepts(body, "Trd5U+8N1HfYxPqYVBLh6n1doEQ=")).isTrue();
    assertThat(accepts(body.replace("%0A+", "%0A"), "Trd5U+8N1HfYxPqYVBLh6n1doEQ=")).isFalse();
  }

  @Test
  void theQueryIsPartOfTheAddress() {
    byte[] form = FORM.getBytes(UTF_8);
    assertThat(signature.isGenuine(form, "clinic=north&x=%2B", "+T3SeFo99/sfTd9rEG38lhNnO78="))
        .isTrue();
    assertThat(signature.isGenuine(form, "clinic=south&x=%2B", "+T3SeFo99/sfTd9rEG38lhNnO78="))
        .isFalse();
    assertThat(signature.isGenuine(form, null, "+T3SeFo99/sfTd9rEG38lhNnO78=")).isFalse();
  }

  @Test
  void capitalsComeBeforeSmallLettersAndAnEmptyFieldCounts() {
    String more = FORM + "&body=lower&Body_=";
    assertThat(accepts(more, "z5XWZq4/OV3OZOEWrIC/a2W1N+g=")).isTrue();
    assertThat(accepts(FORM + "&body=lower", "z5XWZq4/OV3OZOEWrIC/a2W1N+g=")).isFalse();
  }

  @Test
  void bothTokensAreAcceptedWhileOneIsChanged() {
    byte[] form = FORM.getBytes(UTF_8);
    String address = "https://relay.example.org/webhooks/sms";
    assertThat(accepts(FORM, TwilioSignature.of("new-token", address, form).orElseThrow()))
        .isTrue();
    assertThat(accepts(FORM, TwilioSignature.of("old-token", address, form).orElseThrow()))
        .isFalse();
    assertThat(
            new TwilioSignature(List.of(), () -> URI.create("https://relay.example.org"), "/x")
                .isGenuine(form, null, SIGNATURE))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Body=C, Body=N",
    "Body=C, Body=C+",
    "Body=C, Body=c",
    "%2B16085550112, %2B16085550113",
    "ToCountry=US&, ''",
    "NumSegments=1, NumSegments=1&Extra=1",
    "MessageSid=SM0, MessageSid=SM1"
  })
  void whatIsTamperedWithIsRefused(String from, String to) {
    assertThat(FORM).contains(from);
    assertThat(accepts(FORM.replace(from, to), SIGNATURE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "=",
        "haUb2IsUbpJe0iaZxaTtzyyTz3M",
        "haUb2IsUbpJe0iaZxaTtzyyTz3N=",
        "HAUB2ISUBPJE0IAZXATTZYYTZ3M=",
        "sha1=haUb2IsUbpJe0iaZxaTtzyyTz3M="
      })
  void whatIsNoSignatureIsRefused(String shown) {
    assertThat(accepts(FORM, shown)).isFalse();
  }

  @Test
  void anAddressThatAProxyHasMadeOfItIsNoneThatWasSigned() {
    byte[] form = FORM.getBytes(UTF_8);
    assertThat(at("http://relay.example.org").isGenuine(form, null, SIGNATURE)).isFalse();
    assertThat(at("https://relay.example.org:8443").isGenuine(form, null, SIGNATURE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Body=%", "Body=%zz", "%E0%A4%A=1", "a=1&b=%2"})
  void aFormThatCannotBeReadIsNeverGenuine(String form) {
    assertThat(accepts(form, SIGNATURE)).isFalse();
  }

  @Test
  void aMillionFieldsAreNotSorted() {
    assertThat(accepts("a=1&".repeat(16_000), SIGNATURE)).isFalse();
  }
}
