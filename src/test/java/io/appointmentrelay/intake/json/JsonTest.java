package io.appointmentrelay.intake.json;

import static io.appointmentrelay.intake.Notifications.json;
import static io.appointmentrelay.intake.Notifications.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void onlyOneWholeObjectIsABody() {
    assertThat(Json.object(json("{'a': 1}"))).isNotNull();
    assertThat(Json.object(json(" {'a': 1}\n"))).isNotNull();
    assertThat(Json.object(json("{'a': 1} {}"))).isNull();
    assertThat(Json.object(json("[{}]"))).isNull();
    assertThat(Json.object(json("{'a': 1, 'a': 1}"))).isNull();
    assertThat(Json.object(new byte[0])).isNull();
  }

  @Test
  void aByteOrderMarkDoesNoHarm() {
    assertThat(Json.object("\uFEFF{\"a\": 1}".getBytes(StandardCharsets.UTF_8))).isNotNull();
  }

  @Test
  void scalarsOfAnyTypeAreText() {
    assertThat(Json.text(tree("'a'"))).isEqualTo("a");
    assertThat(Json.text(tree("321654654"))).isEqualTo("321654654");
    assertThat(Json.text(tree("321654654.0"))).isEqualTo("321654654");
    assertThat(Json.text(tree("1.5"))).isEqualTo("1.5");
    assertThat(Json.text(tree("123456789012345678901234567890")))
        .isEqualTo("123456789012345678901234567890");
    assertThat(Json.text(tree("true"))).isEqualTo("true");
  }

  @Test
  void anythingElseIsNotSaid() {
    assertThat(Json.text(tree("null"))).isNull();
    assertThat(Json.text(tree("'  '"))).isNull();
    assertThat(Json.text(tree("{}"))).isNull();
    assertThat(Json.text(tree("['a']"))).isNull();
    assertThat(Json.text(tree("{}"), "absent")).isNull();
    assertThat(Json.text(tree("'" + "x".repeat(2_001) + "'"))).isNull();
  }

  @Test
  void flagsAreReadFromWordsAndNumbers() {
    assertThat(Json.flag(tree("true"))).isTrue();
    assertThat(Json.flag(tree("'True'"))).isTrue();
    assertThat(Json.flag(tree("1"))).isTrue();
    assertThat(Json.flag(tree("'false'"))).isFalse();
    assertThat(Json.flag(tree("0"))).isFalse();
    assertThat(Json.flag(tree("null"))).isNull();
    assertThat(Json.flag(tree("'perhaps'"))).isNull();
  }

  @Test
  void integersAreReadFromStringsAndNeverOverflow() {
    assertThat(Json.integer(tree("15"))).isEqualTo(15);
    assertThat(Json.integer(tree("'15'"))).isEqualTo(15);
    assertThat(Json.integer(tree("15.0"))).isEqualTo(15);
    assertThat(Json.integer(tree("15.5"))).isNull();
    assertThat(Json.integer(tree("99999999999"))).isNull();
    assertThat(Json.integer(tree("'many'"))).isNull();
  }

  @Test
  void aLoneObjectStandsForAListOfOne() {
    assertThat(Json.items(tree("[1, 2]"))).hasSize(2);
    assertThat(Json.items(tree("{'a': 1}"))).hasSize(1);
    assertThat(Json.items(tree("'a'"))).isEmpty();
    assertThat(Json.items(tree("{}").path("absent"))).isEmpty();
  }
}
